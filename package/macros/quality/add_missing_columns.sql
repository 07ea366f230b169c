{#-
    Pre-hook of a table that is never rebuilt: adds columns that one of an earlier version lacks, before its own SQL
    reads them. Where none is missing, nothing is locked. dbt's own way of adding them does not know arrays.

    Args: columns: mapping of names to types; all that the model's YAML declares where not given.
-#}
{% macro add_missing_columns(columns=none) -%}
    {%- if trustgate.is_increment() -%}
    {%- set added = dict(columns or {}) -%}
    {%- for column in (model.columns.values() if columns is none else []) -%}{%- do added.update({column.name: column.data_type}) -%}{%- endfor -%}
    do $columns$
    begin
        {%- for name, type in added.items() %}
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
