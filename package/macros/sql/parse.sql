{#-
    SQL that reads text as a type: NULL where the text is NULL, blank, or not readable without loss.

    Args:
        value: SQL of the text as received.
        type: text, integer, bigint, numeric, numeric(precision, scale), date, timestamptz, boolean
            or uuid.
        format: of the text, see `column_format`; none for the forms below.
    Raises: a compiler error for any other type.

    White space around a value is ignored (`white_space`), and blank is NULL. numeric accepts
    thousands separators (`1,234.50`, `1 234.50`) between groups of three digits; it does not accept
    NaN, exponents, and digits beyond the scale. timestamptz accepts ISO 8601 and US
    `M/D/YYYY H:MM[:SS]`, UTC without a zone, with up to six fractional digits. What is ambiguous in
    a format is NULL.
-#}
{% macro parse(value, type, format=none) -%}
    {%- set functions = trustgate.quality_schema() -%}
    {%- set name = type | string | lower | replace(' ', '') -%}
    {%- set sized = modules.re.fullmatch('numeric\\((\\d+),(\\d+)\\)', name) -%}
    {%- if name == 'text' -%}
        nullif({{ trustgate.trimmed(value) }}, '')
    {%- elif format -%}
        {{ trustgate._parse_declared(value, name, sized, format) }}
    {%- elif sized -%}
        {%- set precision, scale = sized.group(1) | int, sized.group(2) | int -%}
        {{ functions }}.try_numeric(
            {{ value }}, '{{ name }}', {{ precision - scale }}, {{ scale }}
        )::{{ name }}
    {%- elif name == 'numeric' -%}
        {{ functions }}.try_numeric({{ value }}, 'numeric', 131072, 16383)
    {%- elif name in ('integer', 'bigint') -%}
        {{ functions }}.try_integer({{ value }}, '{{ name }}')::{{ name }}
    {%- elif name in ('date', 'timestamptz', 'boolean', 'uuid') -%}
        {{ functions }}.try_{{ name }}({{ value }})
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "parse: type is '" ~ type ~ "', allowed are text, integer, bigint, numeric,"
            ~ " numeric(precision, scale), date, timestamptz, boolean and uuid"
        ) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL that reads text in the form that an entity declares. -#}
{% macro _parse_declared(value, name, sized, format) -%}
    {%- set functions = trustgate.quality_schema() -%}
    {%- if name in ('date', 'timestamptz') -%}
        {%- set forms = "array['" ~ format.timestamp_formats | join("', '") ~ "']" -%}
        {%- set zone = ", '" ~ format.time_zone ~ "'" if name == 'timestamptz' else '' -%}
        {{ functions }}.try_{{ name }}({{ value }}, {{ forms }}{{ zone }})
    {%- elif name in ('integer', 'bigint') -%}
        {{ functions }}.as_integer(
            {{ trustgate._parse_declared_number(value, 19, 0, format) }}, '{{ name }}'
        )::{{ name }}
    {%- elif sized -%}
        {%- set precision, scale = sized.group(1) | int, sized.group(2) | int -%}
        {{ trustgate._parse_declared_number(value, precision - scale, scale, format) }}::{{ name }}
    {%- else -%}
        {{ trustgate._parse_declared_number(value, 131072, 16383, format) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL that reads a number in the declared form; digits and scale: most digits around the mark. -#}
{% macro _parse_declared_number(value, digits, scale, format) -%}
    {%- set functions = trustgate.quality_schema() -%}
    {%- if format.number_forms is defined -%}
        {%- set forms = "array['" ~ format.number_forms | join("', '") ~ "']" -%}
        {%- set value = functions ~ '.plain_number(' ~ value ~ ', ' ~ forms ~ ')' -%}
    {%- endif -%}
    {%- if 'sign' in format -%}
        {{ functions }}.try_numeric_coded(
            {{ value }}, {{ format.implied_decimals }}, {{ format.sign == 'overpunch' }},
            {{ digits }}, {{ scale }}
        )
    {%- elif format.decimal_mark == ',' -%}
        {{ functions }}.try_numeric(
            translate({{ value }}, '.,', ',.'), 'numeric', {{ digits }}, {{ scale }}
        )
    {%- elif format.decimal_mark == '.' -%}
        {{ functions }}.try_numeric({{ value }}, 'numeric', {{ digits }}, {{ scale }})
    {%- else -%}
        {{ functions }}.try_numeric_of_either_mark({{ value }}, {{ digits }}, {{ scale }})
    {%- endif -%}
{%- endmacro %}
