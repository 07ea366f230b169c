{#- Entities that a reconciliation follows, each once. -#}
{% macro followed_entities(declared) -%}
    {%- set entities = [] -%}
    {%- for side in (trustgate._followed(declared) if declared else []) if side.get('entity') -%}
        {%- if side.entity not in entities -%}{%- do entities.append(side.entity) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(entities) }}
{%- endmacro %}


{#- What a reconciliation follows: its two sides, or the layers of a chain. -#}
{% macro _followed(declared) -%}
    {{ return(declared.get('chain') or [declared.source, declared.target]) }}
{%- endmacro %}
