{#- Name of the model being compiled; in a unit test, of the model it tests. -#}
{% macro model_name() -%}
    {%- set tested = model.tested_node_unique_id -%}
    {{ return(tested.split('.')[-1] if tested else model.name) }}
{%- endmacro %}
