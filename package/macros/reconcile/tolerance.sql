{#-
    SQL of the greatest difference that is still no difference.

    Args: here: place for messages; given: `0.01` (absolute, in the column's unit) or `0.5%` (of the
    expected value), as Jinja writes numbers, so 1e-05 too; expected: SQL of the expected value.
    Raises: a compiler error for anything else: negative, NaN, infinite, without a unit that is known.
-#}
{% macro tolerance(here, given, expected) -%}
    {%- set text = given | string | trim -%}
    {%- if not modules.re.fullmatch('\\d+(\\.\\d+)?(e[+-]?\\d+)?%?', text) or given is boolean -%}
        {{ exceptions.raise_compiler_error(
            here ~ ": tolerance is '" ~ given ~ "', allowed are a number such as 0.01 or a share such as 0.5%"
        ) }}
    {%- endif -%}
    {%- if text.endswith('%') -%}
        {{ return('abs(' ~ expected ~ ') * ' ~ text[:-1] ~ ' / 100.0') }}
    {%- endif -%}
    {{ return(text) }}
{%- endmacro %}
