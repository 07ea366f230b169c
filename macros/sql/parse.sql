{#-
    SQL that reads text as a type: NULL where the text is NULL, blank or cannot be read without loss.

    Args:
        value: SQL of the text as received.
        type: text, integer, bigint, numeric, numeric(precision, scale), date, timestamptz, boolean
            or uuid.
    Raises: a compiler error for any other type.

    text is trimmed and blank is NULL. numeric takes thousands separators (`1,234.50`, `1 234.50`)
    where they stand between groups of three, refuses NaN, exponents and digits beyond the scale.
    timestamptz takes ISO 8601 and US `M/D/YYYY H:MM[:SS]`; without a zone it is UTC; up to six
    fractional digits.
-#}
{% macro parse(value, type) -%}
    {%- set functions = trustgate.quality_schema() -%}
    {%- set name = type | string | lower | replace(' ', '') -%}
    {%- set sized = modules.re.fullmatch('numeric\\((\\d+),(\\d+)\\)', name) -%}
    {%- if name == 'text' -%}
        nullif(btrim({{ value }}, e' \t\r\n'), '')
    {%- elif sized -%}
        {%- set precision, scale = sized.group(1) | int, sized.group(2) | int -%}
        {{ functions }}.try_numeric({{ value }}, '{{ name }}', {{ precision - scale }}, {{ scale }})::{{ name }}
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
