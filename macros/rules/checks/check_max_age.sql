{#- Fails where the time lies more than `days` before the load of the record. NULL passes. -#}
{% macro check_max_age(here, rule, columns) -%}
    {%- if rule.days is not number or rule.days <= 0 -%}
        {{ exceptions.raise_compiler_error(here ~ ": days is '" ~ rule.days ~ "', allowed are numbers above 0") }}
    {%- endif -%}
    {{ return({
        'passes': '((' ~ rule.column ~ " >= _loaded_at - interval '" ~ rule.days ~ " days') is not false)",
        'columns': [rule.column],
    }) }}
{%- endmacro %}
