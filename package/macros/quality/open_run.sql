{#-
    on-run-start: bookkeeping tables and functions exist, the dataset is known, and the run is on record.

    Only `build` and `run` are runs. An unknown dataset (neither bundled nor ever loaded) stops dbt
    before anything is built. Recording the run never stops it.
-#}
{% macro open_run() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test', 'seed', 'snapshot') -%}
        {%- set schema = trustgate.quality_schema() -%}
        {%- set dataset = trustgate.active_dataset() -%}
        {{ trustgate.install_bookkeeping() }};
        {{ trustgate.install_functions() }};
        {%- if trustgate.is_run() %}
        {{ trustgate.validate_dataset(dataset) }};
        {{ trustgate.delete_removed_layers() }}
        do $run$
        begin
            insert into {{ schema }}.pipeline_runs (
                run_id, command, dataset, target, status, git_sha, invoked_by, lock_pid, dbt_version, started_at, is_deep
            )
            values (
                '{{ invocation_id }}',
                '{{ flags.WHICH }}',
                {{ trustgate.literal(dataset) }},
                {{ trustgate.literal(target.name) }},
                'running',
                nullif({{ trustgate.literal(dbt_metadata_envs.get('TRUSTGATE_GIT_SHA', '')) }}, ''),
                coalesce(nullif({{ trustgate.literal(dbt_metadata_envs.get('TRUSTGATE_INVOKED_BY', '')) }}, ''), 'dbt'),
                nullif({{ trustgate.literal(dbt_metadata_envs.get('TRUSTGATE_LOCK_PID', '')) }}, '')::integer,
                '{{ dbt_version }}',
                '{{ run_started_at.isoformat() }}',
                {{ 'true' if trustgate._is_deep() else 'false' }}
            );
        exception when others then
            raise warning 'trustgate: the run could not be recorded: %', sqlerrm;
        end
        $run$
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
