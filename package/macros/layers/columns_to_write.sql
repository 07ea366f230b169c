{#-
    Columns of a temporary table of rows to write; adds to the layer those that it lacks, because an
    earlier version built it.

    Args: relation: of the layer; found: name of the temporary table.
-#}
{% macro columns_to_write(relation, found) -%}
    {%- set described = run_query(
        "select found.attname, format_type(found.atttypid, found.atttypmod), "
        ~ "existing.attname is null from pg_attribute as found left join pg_attribute as existing "
        ~ "on existing.attrelid = '" ~ relation ~ "'::regclass "
        ~ "and existing.attname = found.attname "
        ~ "where found.attrelid = '" ~ found ~ "'::regclass and found.attnum > 0 "
        ~ "and not found.attisdropped order by found.attnum"
    ) -%}
    {%- set columns = [] -%}
    {%- for name, type, is_missing in described -%}
        {%- if is_missing -%}
            {%- set column = adapter.quote(name) ~ ' ' ~ type -%}
            {%- set limit = trustgate.setting('lock_wait_seconds') -%}
            {%- do run_query(
                "set local lock_timeout = '" ~ limit ~ "s'; alter table " ~ relation
                ~ ' add column ' ~ column ~ '; set local lock_timeout to default'
            ) -%}
        {%- endif -%}
        {%- do columns.append(name) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
