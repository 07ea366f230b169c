{#- Fails where the time lies after the load of the record. NULL passes. -#}
{% macro check_not_in_future(here, rule, columns) -%}
    {{ return({
        'passes': '((' ~ rule.column ~ ' <= _loaded_at) is not false)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
