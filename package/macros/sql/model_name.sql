{#- Name of the model being compiled; in a unit test, of the model it tests. -#}
{% macro model_name() -%}
    {{ return(model.tested_node_unique_id.split('.')[-1] if model.tested_node_unique_id else model.name) }}
{%- endmacro %}
