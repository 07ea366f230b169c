{#-
    Statement that analyzes a table that has grown or shrunk by a fifth since its last statistics,
    or has a column without any, so that the planner knows it when later models read it. A third of
    the usual sample is enough. Building an index counts the rows but gathers no statistics.

    It also summarizes new pages in BRIN indexes, since queries read every page that is not
    summarized.
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
                where
                    attrelid = '{{ relation }}'::regclass and attnum > 0 and not attisdropped
                except
                select attname
                from pg_stats
                where
                    schemaname = '{{ relation.schema }}'
                    and tablename = '{{ relation.identifier }}'
            ))
            or abs(pages_now - pages_then) > 0.2 * greatest(pages_then, 4) then
            set local default_statistics_target = 30;
            analyze {{ relation }};
        end if;
        perform brin_summarize_new_values(indexrelid)
        from pg_index
        inner join pg_class on pg_index.indexrelid = pg_class.oid
        where
            indrelid = '{{ relation }}'::regclass
            and relam = (select oid from pg_am where amname = 'brin');
    end
    $statistics$
{%- endmacro %}
