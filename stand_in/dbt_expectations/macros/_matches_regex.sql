{#- Condition that a regular expression matches somewhere in a text. Never NULL: NULL does not
    match. The flag g (every match) is allowed and changes nothing, as one match is enough. -#}
{% macro _matches_regex(test_name, column_name, regex, flags) -%}
{%- set allowed = "bcegimnpqstwx" -%}
{%- set flags = flags or "" -%}
{%- for flag in flags if flag not in allowed and execute -%}
    {{ exceptions.raise_compiler_error(
        test_name ~ ": every character of `flags` must be one of "
        ~ allowed | join(", ") ~ ". Got: '" ~ flags ~ "'."
    ) }}
{%- endfor -%}
{%- set flags = flags | replace("g", "") -%}
regexp_match({{ column_name }}, {{ dbt_expectations._text_literal(regex) }}, '{{ flags }}') is not null
{%- endmacro %}
