{#- Name of the model that is a layer of an entity. -#}
{% macro model_of_layer(kind, entity) -%}
    {%- set candidates = trustgate.setting('candidates') -%}
    {{ return(candidates.get(entity) if kind == 'candidate' else kind ~ '_' ~ entity) }}
{%- endmacro %}
