{#- SQL of the received records to type, as `raw`, with their corrections as `overlay`. -#}
{% macro received_to_type(declared, is_increment) -%}
    {%- if is_increment -%}
received_to_check as raw
cross join lateral (select raw._overlay as corrections) as overlay
    {%- else -%}
{{ trustgate.raw_with_overlay(declared.entity) }}
    {%- endif -%}
{%- endmacro %}
