{#- SQL condition: the row belongs to the side, and to the dataset. -#}
{% macro side_condition(side, dataset) -%}
    {%- set records = side.get('records', 'all') -%}
    {%- set verdict = trustgate.verdict_alias(side) -%}
    {%- if side.get('entity') or side.get('records') -%}
    side._dataset = {{ trustgate.literal(dataset) }}
    {%- else -%}
    true
    {%- endif %}
    {%- if records == 'latest' %}
    and {{ verdict }}._is_latest
    {%- elif records == 'received' %}
    and not {{ verdict }}._is_duplicate
    {%- elif records == 'promotable' %}
    and {{ trustgate.is_promotable(verdict, trustgate.project_ref('base_' ~ side.entity)) }}
    {%- endif %}
    {%- if side.get('where') %}
    and ({{ side.where }})
    {%- endif %}
{%- endmacro %}
