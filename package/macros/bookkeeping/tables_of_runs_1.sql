{#- Tables in which hooks record each run, as migration 1 creates them. -#}
{% macro tables_of_runs_1(schema) -%}
create table if not exists {{ schema }}.pipeline_runs (
    run_id text not null,
    command text not null,
    dataset text,
    target text,
    status text not null,
    tests_ok boolean,
    dq_ok boolean,
    recon_ok boolean,
    mismatch_count bigint,
    failing_metric_count bigint,
    open_exception_count bigint,
    recovered_count bigint,
    git_sha text,
    invoked_by text,
    lock_pid integer,
    dbt_version text,
    started_at timestamptz not null,
    finished_at timestamptz,
    is_deep boolean,
    constraint pipeline_runs_pkey primary key (run_id),
    constraint pipeline_runs_status check (
        status in ('running', 'passed', 'failed', 'error', 'abandoned')
    )
);
create table if not exists {{ schema }}.pipeline_steps (
    run_id text not null,
    node_id text not null,
    status text not null,
    rows_affected bigint,
    duration_s numeric,
    message text,
    started_at timestamptz,
    finished_at timestamptz,
    constraint pipeline_steps_pkey primary key (run_id, node_id)
);
create table if not exists {{ schema }}.test_results (
    run_id text not null,
    test_name text not null,
    node_id text not null,
    model text,
    column_name text,
    status text not null,
    failures bigint,
    severity text,
    message text,
    executed_at timestamptz,
    constraint test_results_pkey primary key (run_id, node_id)
);
{%- endmacro %}
