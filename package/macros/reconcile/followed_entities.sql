{#- Entities that a reconciliation follows, each once. -#}
{% macro followed_entities(declared) -%}
    {%- set entities = [] -%}
    {%- set sides = trustgate.followed_sides(declared) if declared else [] -%}
    {%- for side in sides if side.get('entity') -%}
        {%- if side.entity not in entities -%}{%- do entities.append(side.entity) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(entities) }}
{%- endmacro %}
