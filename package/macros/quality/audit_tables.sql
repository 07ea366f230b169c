{#- Statements that create the audit tables, and the function that reads them, where they are missing: hooks write them
    before any model stands. -#}
{% macro audit_tables() -%}
    {%- set schema = trustgate.quality_schema() -%}
    create table if not exists {{ schema }}.pipeline_runs (
        run_id text primary key,
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
        is_deep boolean
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
        primary key (run_id, node_id)
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
        primary key (run_id, node_id)
    );
    {#- Of an earlier version. Asked for first: what is there already would wait for writers all the same. #}
    if not exists (
        select 1 from pg_attribute where attrelid = '{{ schema }}.pipeline_runs'::regclass and attname = 'is_deep'
    ) then
        alter table {{ schema }}.pipeline_runs add column is_deep boolean;
    end if;
    alter table {{ schema }}.pipeline_runs add column if not exists inputs_hash text;
    alter table {{ schema }}.pipeline_runs add column if not exists next_attempt_at timestamptz;
    if to_regclass('{{ schema }}.test_results_of_node') is null then
        create index test_results_of_node on {{ schema }}.test_results (node_id, executed_at);
    end if
{%- endmacro %}
