{% macro open_run() -%}
    {%- set schema = generate_schema_name('quality', none) -%}
    create schema if not exists {{ schema }};
    create or replace function {{ schema }}.try_numeric(value text) returns numeric
    language sql immutable as $$ select value::numeric $$;
    {#- The version that loads need; the runner takes runs of it to have news always. #}
    create table if not exists {{ schema }}.schema_migrations as select 1 as version;
    create table if not exists {{ schema }}.pipeline_runs (
        run_id text, command text, dataset text, target text, status text, tests_ok boolean,
        mismatch_count bigint, open_exception_count bigint, git_sha text, invoked_by text,
        lock_pid integer, started_at timestamptz, finished_at timestamptz
    );
    create table if not exists {{ schema }}.pipeline_steps (
        run_id text, node_id text, status text, rows_affected bigint, duration_s numeric, message text
    );
    create table if not exists {{ schema }}.test_results (
        run_id text, test_name text, model text, status text, failures bigint, severity text,
        message text
    );
    create or replace view {{ schema }}.run_history as select * from {{ schema }}.pipeline_runs;
    {%- if flags.WHICH == 'build' %}
    insert into {{ schema }}.pipeline_runs (
        run_id, command, dataset, target, status, git_sha, invoked_by, lock_pid, started_at
    )
    values (
        '{{ invocation_id }}', '{{ flags.WHICH }}', '{{ env_var('TRUSTGATE_DATASET') }}',
        '{{ target.name }}', 'running',
        '{{ dbt_metadata_envs.get('TRUSTGATE_GIT_SHA', '') }}',
        '{{ dbt_metadata_envs.get('TRUSTGATE_INVOKED_BY', '') }}',
        nullif('{{ dbt_metadata_envs.get('TRUSTGATE_LOCK_PID', '') }}', '')::integer, now()
    )
    {%- endif %}
{%- endmacro %}

{% macro close_run() -%}
    {%- if flags.WHICH == 'build' and not env_var('TEST_UNRECORDED', '') -%}
    update {{ generate_schema_name('quality', none) }}.pipeline_runs
    set status = 'passed', finished_at = now() where run_id = '{{ invocation_id }}'
    {%- endif -%}
{%- endmacro %}
