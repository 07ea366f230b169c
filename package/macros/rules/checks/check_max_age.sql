{#- Fails where the time lies more than `days` before the load of the record. NULL passes. -#}
{% macro check_max_age(here, rule, columns) -%}
    {{ return({
        'passes': '((' ~ rule.column ~ " >= _loaded_at - interval '" ~ rule.days ~ " days') is not false)",
        'columns': [rule.column],
    }) }}
{%- endmacro %}
