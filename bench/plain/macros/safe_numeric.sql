{#- SQL of text as an amount of money; NULL where it is none. -#}
{% macro safe_numeric(column) -%}
case
    when {{ column }} ~ '^-?[0-9]+([.][0-9]{1,2})?$' and pg_input_is_valid({{ column }}, 'numeric(14,2)')
        then {{ column }}::numeric(14, 2)
end
{%- endmacro %}
