{#- SQL of the business key of a raw record, encoded; its `_record_id` where the key is empty. -#}
{% macro record_key_of(declared, columns, alias) -%}
    {%- set parts = [] -%}
    {%- for column in declared.key -%}
        {%- set text = alias ~ '.' ~ column -%}
        {%- do parts.append(
            trustgate.parse(text, columns[column], declared.formats[column])
        ) -%}
    {%- endfor -%}
    coalesce({{ trustgate.record_key(parts) }}, {{ alias }}._record_id::text)
{%- endmacro %}
