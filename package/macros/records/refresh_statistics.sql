{#-
    Post-hook of every model: analyzes the table when it has grown or shrunk by a fifth since the
    planner last looked, or has a column it knows nothing of, so that the models after it are planned on
    what is there. A tenth of the usual sample tells enough. An index, when it is built, counts the rows
    and says nothing of what is in them.

    A BRIN index is told of pages that were added: readers read all of those it knows nothing of.
-#}
{% macro refresh_statistics() -%}
    {%- if model.config.materialized in ('table', 'incremental') -%}
        do $statistics$
        declare
            pages_then integer;
            pages_now bigint := pg_relation_size('{{ this }}') / 8192;
        begin
            select relpages into pages_then from pg_class where oid = '{{ this }}'::regclass;
            if (pages_now > 0 and exists (
                    select attname
                    from pg_attribute
                    where attrelid = '{{ this }}'::regclass and attnum > 0 and not attisdropped
                    except
                    select attname
                    from pg_stats
                    where schemaname = '{{ this.schema }}' and tablename = '{{ this.identifier }}'
                ))
                or abs(pages_now - pages_then) > 0.2 * greatest(pages_then, 4) then
                set local default_statistics_target = 30;
                analyze {{ this }};
            end if;
            {%- if (config.get('indexes') or []) | selectattr('type', 'equalto', 'brin') | list %}
            perform brin_summarize_new_values(indexrelid)
            from pg_index
            inner join pg_class on pg_index.indexrelid = pg_class.oid
            where indrelid = '{{ this }}'::regclass and relam = (select oid from pg_am where amname = 'brin');
            {%- endif %}
        end
        $statistics$
    {%- endif -%}
{%- endmacro %}
