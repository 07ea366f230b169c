{#-
    SQL of the business key of a raw record, encoded; its `_record_id` where the key is empty. No
    longer than an index holds.
-#}
{% macro record_key_of(declared, columns, alias) -%}
    {%- set parts = [] -%}
    {%- for column in declared.key -%}
        {%- set text = alias ~ '.' ~ column -%}
        {%- do parts.append(trustgate.typed_column(text, column, columns, declared)) -%}
    {%- endfor -%}
    {%- set key = trustgate.record_key(parts) -%}
    coalesce({{ trustgate.quality_schema() ~ '.bounded_text(' ~ key ~ ')' if parts | length > 1
        else key }}, {{ alias }}._record_id::text)
{%- endmacro %}
