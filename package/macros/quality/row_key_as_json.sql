{#- SQL of a row's key for programs: a JSON object as text. -#}
{% macro row_key_as_json(model_name, alias) -%}
    {%- set pairs = [] -%}
    {%- for column in trustgate.row_key(model_name) -%}
        {%- do pairs.append("'" ~ column ~ "', " ~ alias ~ "." ~ column) -%}
    {%- endfor -%}
    jsonb_build_object({{ pairs | join(', ') }})::text
{%- endmacro %}
