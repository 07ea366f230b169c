{#-
    Post-hook of every model: analyzes the table when it has grown or shrunk by a fifth since the
    planner last looked, so that the models after it are planned on what is there.
-#}
{% macro refresh_statistics() -%}
    {%- if model.config.materialized in ('table', 'incremental') -%}
        do $statistics$
        declare
            pages_then integer;
            tuples_then real;
            pages_now bigint := pg_relation_size('{{ this }}') / 8192;
        begin
            select relpages, reltuples into pages_then, tuples_then from pg_class where oid = '{{ this }}'::regclass;
            if (tuples_then < 0 and pages_now > 0) or abs(pages_now - pages_then) > 0.2 * greatest(pages_then, 4) then
                analyze {{ this }};
            end if;
        end
        $statistics$
    {%- endif -%}
{%- endmacro %}
