{#- Fails where the value is not like the pattern. NULL passes. Raises where the pattern ends in a backslash, which needs a character. -#}
{% macro check_expect_column_values_to_match_like_pattern(here, rule, columns) -%}
    {%- if modules.re.sub('(?s)\\\\.', '', rule.like_pattern).endswith('\\') -%}
        {{ exceptions.raise_compiler_error(here ~ ": like_pattern is '" ~ rule.like_pattern ~ "', allowed are patterns with a character behind each backslash") }}
    {%- endif -%}
    {{ return({
        'passes': '((' ~ rule.column ~ ' like ' ~ trustgate.literal(rule.like_pattern) ~ ') is not false)',
        'columns': [rule.column],
    }) }}
{%- endmacro %}
