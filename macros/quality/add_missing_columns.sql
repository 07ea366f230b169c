{#-
    Pre-hook of a history that is never rebuilt: adds columns that a table of an earlier version lacks,
    before its own SQL reads them. Where none is missing, nothing is locked.

    Args: columns: mapping of names to types.
-#}
{% macro add_missing_columns(columns) -%}
    {%- if is_incremental() -%}
    do $columns$
    begin
        {%- for name, type in columns.items() %}
        if not exists (
            select 1 from pg_attribute where attrelid = '{{ this }}'::regclass and attname = '{{ name }}' and not attisdropped
        ) then
            alter table {{ this }} add column {{ name }} {{ type }};
        end if;
        {%- endfor %}
    end
    $columns$
    {%- endif -%}
{%- endmacro %}
