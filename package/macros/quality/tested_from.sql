{#-
    Statement of PL/pgSQL that creates, where it is missing or differs, the function
    `tested_from(needs_open_gate boolean default false)`: the time since which rows were written that the
    asking test has not read yet, or did not pass.

    - In a run (`build` or `run`), the end of the last run in which the test passed, as recorded in
      `test_results`: what an interrupted or partial run wrote, and what the test found wrong, is read
      again by the next. With `needs_open_gate` only runs that found the gate open count: what a shut
      gate kept back is published later than it was written.
    - '-infinity', everything, outside of runs, in a deep run, after a deep run in which the test did not
      pass, and where it never passed.

    Which test of which run asks stands in the statement's comment, see `query_comment`. Declared
    immutable, as within a statement it is: the planner then reads the time as a constant, estimates
    with it, and calls the function once instead of once a row.
-#}
{% macro tested_from() -%}
{%- set schema = trustgate.quality_schema() -%}
{%- set body = trustgate._tested_from(schema) -%}
if obj_description(to_regprocedure('{{ schema }}.tested_from(boolean)'), 'pg_proc') is distinct from '{{ local_md5(body) }}' then
    {{ body | indent(4) }};
    comment on function {{ schema }}.tested_from(boolean) is '{{ local_md5(body) }}';
end if
{%- endmacro %}


{% macro _tested_from(schema) -%}
create or replace function {{ schema }}.tested_from(needs_open_gate boolean default false)
returns timestamptz language plpgsql immutable parallel safe as $body$
declare
    asked constant text := substring(current_query() from '^/\* (\{[^\n]*\}) \*/');
    asking_run constant text := substring(asked from '"invocation_id": "([^"]+)"');
    asking_test constant text := substring(asked from '"node_id": "([^"]+)"');
    found timestamptz;
begin
    select least(asking.started_at, passed.finished_at)
    into found
    from {{ schema }}.pipeline_runs as asking
    cross join lateral (
        select runs.finished_at, results.executed_at
        from {{ schema }}.test_results as results
        inner join {{ schema }}.pipeline_runs as runs on results.run_id = runs.run_id
        where
            results.node_id = asking_test
            and results.status = 'pass'
            and runs.finished_at is not null
            and (not needs_open_gate or exists (
                select 1
                from {{ schema }}.test_results as gate
                where
                    gate.run_id = runs.run_id
                    and gate.test_name like 'is\_open%'
                    and gate.status = 'pass'
            ))
        order by results.executed_at desc
        limit 1
    ) as passed
    where
        asking.run_id = asking_run
        and not coalesce(asking.is_deep, false)
        and not exists (
            select 1
            from {{ schema }}.test_results as results
            inner join {{ schema }}.pipeline_runs as runs on results.run_id = runs.run_id
            where
                results.node_id = asking_test
                and results.status in ('warn', 'fail', 'error')
                and results.executed_at > passed.executed_at
                and runs.is_deep
        );
    return coalesce(found, '-infinity');
end
$body$
{%- endmacro %}
