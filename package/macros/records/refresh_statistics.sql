{#-
    Statement that analyzes a table when it has grown or shrunk by a fifth since the planner last looked, or has a
    column it knows nothing of, so that the models after it are planned on what is there. A tenth of the usual sample
    tells enough. An index, when it is built, counts the rows and says nothing of what is in them.

    A BRIN index is told of pages that were added: readers read all of those it knows nothing of.
-#}
{% macro refresh_statistics(relation) -%}
    do $statistics$
    declare
        pages_then integer;
        pages_now bigint := pg_relation_size('{{ relation }}') / 8192;
    begin
        select relpages into pages_then from pg_class where oid = '{{ relation }}'::regclass;
        if (pages_now > 0 and exists (
                select attname
                from pg_attribute
                where attrelid = '{{ relation }}'::regclass and attnum > 0 and not attisdropped
                except
                select attname
                from pg_stats
                where schemaname = '{{ relation.schema }}' and tablename = '{{ relation.identifier }}'
            ))
            or abs(pages_now - pages_then) > 0.2 * greatest(pages_then, 4) then
            set local default_statistics_target = 30;
            analyze {{ relation }};
        end if;
        perform brin_summarize_new_values(indexrelid)
        from pg_index
        inner join pg_class on pg_index.indexrelid = pg_class.oid
        where indrelid = '{{ relation }}'::regclass and relam = (select oid from pg_am where amname = 'brin');
    end
    $statistics$
{%- endmacro %}
