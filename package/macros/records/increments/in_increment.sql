{#-
    SQL condition: this row of base has a verdict that the layer being built has not processed yet.
    See `begin_increment`.
-#}
{% macro in_increment(entity, alias=none) -%}
    {%- set column = (alias ~ '.' if alias else '') ~ '_check_seq' -%}
    {{ column }} > coalesce(
        nullif(current_setting('trustgate.from_{{ entity }}', true), ''), '0'
    )::bigint
    and {{ column }} <= coalesce(
        nullif(current_setting('trustgate.to_{{ entity }}', true), ''), '9223372036854775807'
    )::bigint
{%- endmacro %}
