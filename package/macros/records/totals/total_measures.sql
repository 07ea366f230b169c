{#- Columns that are summed. -#}
{% macro total_measures() -%}
    {{ return(['record_count', 'amount_total', 'amount_received', 'hash_high', 'hash_low']) }}
{%- endmacro %}
