{#- SQL of ISO 8601 text as a point in time; NULL where it is none. -#}
{% macro safe_timestamp(column) -%}
case
    when {{ column }} ~ '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$' and pg_input_is_valid({{ column }}, 'timestamptz')
        then {{ column }}::timestamptz
end
{%- endmacro %}
