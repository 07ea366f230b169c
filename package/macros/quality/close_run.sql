{#-
    on-run-end: writes the results of all steps and tests, skipped ones too, and what the gate shows
    to the record of the run, from one JSON literal. A failure here is a warning: it never fails a
    good run.
-#}
{% macro close_run(results) -%}
    {%- if execute and trustgate.is_run() -%}
        {%- set schema = trustgate.quality_schema() -%}
        {%- set steps = [] -%}
        {%- for result in results -%}
            {%- set times = result.timing | selectattr('name', 'equalto', 'execute') | list -%}
            {%- do steps.append({
                'node_id': result.node.unique_id,
                'name': result.node.name,
                'kind': result.node.resource_type | string,
                'status': result.status | string,
                'failures': result.failures,
                'rows_affected': (result.adapter_response or {}).get('rows_affected'),
                'duration_s': result.execution_time,
                'message': (result.message or '') | string | replace('\u0000', ''),
                'started_at': times[0].started_at.isoformat() ~ 'Z'
                    if times and times[0].started_at else none,
                'finished_at': times[0].completed_at.isoformat() ~ 'Z'
                    if times and times[0].completed_at else none,
                'model': result.node.attached_node.split('.')[-1]
                    if result.node.attached_node is defined and result.node.attached_node else none,
                'column_name': result.node.column_name
                    if result.node.column_name is defined else none,
                'severity': (result.node.config.severity | string | lower)
                    if result.node.resource_type | string == 'test' else none,
            }) -%}
        {%- endfor -%}
        {%- set steps = tojson(steps) | replace("'", "''") -%}
        {%- set tag = 'close_' ~ local_md5(steps) -%}
        select {{ trustgate.pinned_settings() | indent(8) }};
        do ${{ tag }}$
        begin
            {#- The run is not on record where the tables could not be installed. #}
            perform 1 from {{ schema }}.pipeline_runs where run_id = '{{ invocation_id }}';
            if not found then
                return;
            end if;
            {{ trustgate._write_steps(schema, steps) }}
            begin
                {{ trustgate.end_with_gate_reading() | indent(16) }}
                {{ trustgate._write_verdict(schema) }}
            exception when others then
                raise warning 'trustgate: the state of the gate could not be recorded: %', sqlerrm;
            end;
            {{ trustgate.keep_figures(schema) | indent(12) }}
        exception when others then
            raise warning 'trustgate: the end of the run could not be recorded: %', sqlerrm;
        end
        ${{ tag }}$
    {%- endif -%}
{%- endmacro %}


{% macro _write_steps(schema, steps) %}
            create temporary table trustgate_steps on commit drop as
            select * from jsonb_to_recordset('{{ steps }}'::jsonb) as step (
                node_id text, name text, kind text, status text, failures bigint,
                rows_affected bigint, duration_s numeric, message text, started_at timestamptz,
                finished_at timestamptz, model text, column_name text, severity text
            );
            insert into {{ schema }}.pipeline_steps (
                run_id, node_id, status, rows_affected, duration_s, message, started_at, finished_at
            )
            select
                '{{ invocation_id }}', node_id, status, nullif(rows_affected, -1),
                round(duration_s, 3), nullif(message, ''), started_at, finished_at
            from trustgate_steps
            on conflict do nothing;
            insert into {{ schema }}.test_results (
                run_id, test_name, node_id, model, column_name, status, failures, severity, message,
                executed_at
            )
            select
                '{{ invocation_id }}', name, node_id, model, column_name, status, failures,
                severity, nullif(message, ''), coalesce(finished_at, now())
            from trustgate_steps
            where kind in ('test', 'unit_test')
            on conflict do nothing;
            update {{ schema }}.pipeline_runs
            set
                finished_at = now(),
                tests_ok = steps.tests_ok,
                status = case
                    when steps.has_error then 'error'
                    when steps.tests_ok is false then 'failed'
                    else 'passed'
                end
            from (
                select
                    bool_and(status in ('pass', 'warn')) filter (
                        where kind in ('test', 'unit_test')
                            and status <> 'skipped'
                            and name not like 'is_open%'
                    ) as tests_ok,
                    coalesce(bool_or(status in ('error', 'runtime error')), false) as has_error
                from trustgate_steps
            ) as steps
            where run_id = '{{ invocation_id }}';
{% endmacro %}


{% macro _write_verdict(schema) %}
            {%- set dataset = trustgate.literal(trustgate.active_dataset()) %}
            update {{ schema }}.pipeline_runs
            set
                dq_ok = verdict.dq_ok,
                recon_ok = verdict.recon_ok,
                mismatch_count = verdict.mismatch_count,
                failing_metric_count = verdict.failing_metric_count,
                open_exception_count = verdict.open_exception_count,
                recovered_count = verdict.recovered_count,
                status = case
                    when status = 'passed' and not verdict.is_open then 'failed'
                    else status
                end
            from (
                select
                    bool_and(checks.is_open) as is_open,
                    bool_and(checks.is_open) filter (where kind in ('rule', 'entity')) as dq_ok,
                    bool_and(checks.is_open) filter (where kind = 'reconciliation') as recon_ok,
                    (
                        select count(*) from {{ schema }}.recon_row_mismatches
                        where dataset = {{ dataset }}
                    ) as mismatch_count,
                    (
                        select count(*) from {{ schema }}.recon_summary
                        where dataset = {{ dataset }} and kind <> 'rows' and not passed
                    ) as failing_metric_count,
                    (
                        select count(*) from {{ schema }}.open_exceptions
                        where dataset = {{ dataset }}
                    ) as open_exception_count,
                    (
                        select count(*) from {{ schema }}.exception_findings
                        where dataset = {{ dataset }}
                            and last_event = 'RESOLVED'
                            and changed_run = '{{ invocation_id }}'
                    ) as recovered_count
                from {{ schema }}.gate_readings as reading,
                    jsonb_to_recordset(reading.checks) as checks (kind text, is_open boolean)
                where reading.run_id = '{{ invocation_id }}'
                group by reading.run_id
            ) as verdict
            where run_id = '{{ invocation_id }}';
{% endmacro %}
