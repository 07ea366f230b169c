{#- Fails where there is text and it cannot be read as the type without loss. NULL and blank pass. -#}
{% macro check_parses_as(here, rule, columns) -%}
    {%- set declared = columns[rule.column] | lower | replace(' ', '') -%}
    {%- do trustgate.refuse_unknown_word(here, 'type', rule.type | lower | replace(' ', ''), [declared]) -%}
    {{ return({
        'passes': '(' ~ rule.column ~ ' is not null or ' ~ trustgate.parse('_received_' ~ rule.column, 'text') ~ ' is null)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
