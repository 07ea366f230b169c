{#-
    on-run-start: installs bookkeeping tables and functions, validates the dataset, and records the
    run.

    Only `build` and `run` are runs. An unknown dataset (neither bundled nor ever loaded) stops dbt
    before anything is built. A failure to record the run does not stop it.
-#}
{% macro open_run() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'test', 'seed', 'snapshot') -%}
        {%- set schema = trustgate.quality_schema() -%}
        {%- set dataset = trustgate.active_dataset() -%}
        {%- set given = dbt_metadata_envs -%}
        {%- set process_id = given.get('TRUSTGATE_LOCK_PID') or '' -%}
        {%- set is_number = modules.re.fullmatch('[0-9]{1,9}', process_id) -%}
        select {{ trustgate.pinned_settings() | indent(8) }};
        {{ trustgate.install_bookkeeping() }};
        {{ trustgate.install_functions() }};
        {%- if trustgate.is_run() %}
        {{ trustgate.validate_dataset(dataset) }};
        {{ trustgate.delete_removed_layers() }}
        do $run$
        begin
            insert into {{ schema }}.pipeline_runs (
                run_id, command, dataset, target, status, git_sha, invoked_by, lock_pid,
                dbt_version, started_at, is_deep
            )
            select
                '{{ invocation_id }}',
                '{{ flags.WHICH }}',
                {{ trustgate.literal(dataset) }},
                {{ trustgate.literal(target.name) }},
                'running',
                {{ trustgate.literal(given.get('TRUSTGATE_GIT_SHA') or none) }},
                {#- Only a run with the lock is one of the runner, whatever the environment says. #}
                case when holds_lock then
                    {{- ' ' ~ trustgate.literal(given.get('TRUSTGATE_INVOKED_BY') or 'dbt') }}
                    else 'dbt' end,
                {#- Kept without the lock too: the runner may be dead by now. #}
                {{ process_id if is_number else 'null' }}::integer,
                '{{ dbt_version }}',
                '{{ run_started_at.isoformat() }}',
                {{ 'true' if trustgate.is_deep() else 'false' }}
            from (select {{ trustgate.holds_run_lock(process_id) }}) as run (holds_lock);
        exception when others then
            raise warning 'trustgate: the run could not be recorded: %', sqlerrm;
        end
        $run$
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
