{#-
    The SQL of a named check, from its own macro. Written out, since dbt follows only macro names it can
    read in the text.

    Args: here: place for messages; rule: mapping of the YAML, arguments already checked; columns: typed
    columns. Returns: see `compiled_rule`.
-#}
{% macro compiled_check(here, rule, columns) -%}
    {%- if rule.check == 'accepted_values' -%}
        {{ return(trustgate.check_accepted_values(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_pair_values_A_to_be_greater_than_B' -%}
        {{ return(trustgate.check_expect_column_pair_values_A_to_be_greater_than_B(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_pair_values_to_be_equal' -%}
        {{ return(trustgate.check_expect_column_pair_values_to_be_equal(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_value_lengths_to_be_between' -%}
        {{ return(trustgate.check_expect_column_value_lengths_to_be_between(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_values_to_be_between' -%}
        {{ return(trustgate.check_expect_column_values_to_be_between(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_values_to_be_in_set' -%}
        {{ return(trustgate.check_expect_column_values_to_be_in_set(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_values_to_match_like_pattern' -%}
        {{ return(trustgate.check_expect_column_values_to_match_like_pattern(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_values_to_match_regex' -%}
        {{ return(trustgate.check_expect_column_values_to_match_regex(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_values_to_not_be_in_set' -%}
        {{ return(trustgate.check_expect_column_values_to_not_be_in_set(here, rule, columns)) }}
    {%- elif rule.check == 'expect_column_values_to_not_match_regex' -%}
        {{ return(trustgate.check_expect_column_values_to_not_match_regex(here, rule, columns)) }}
    {%- elif rule.check == 'expect_compound_columns_to_be_unique' -%}
        {{ return(trustgate.check_expect_compound_columns_to_be_unique(here, rule, columns)) }}
    {%- elif rule.check == 'max_age' -%}
        {{ return(trustgate.check_max_age(here, rule, columns)) }}
    {%- elif rule.check == 'no_conflicting_versions' -%}
        {{ return(trustgate.check_no_conflicting_versions(here, rule, columns)) }}
    {%- elif rule.check == 'no_pii' -%}
        {{ return(trustgate.check_no_pii(here, rule, columns)) }}
    {%- elif rule.check == 'not_in_future' -%}
        {{ return(trustgate.check_not_in_future(here, rule, columns)) }}
    {%- elif rule.check == 'not_null' -%}
        {{ return(trustgate.check_not_null(here, rule, columns)) }}
    {%- elif rule.check == 'parses_as' -%}
        {{ return(trustgate.check_parses_as(here, rule, columns)) }}
    {%- elif rule.check == 'relationships' -%}
        {{ return(trustgate.check_relationships(here, rule, columns)) }}
    {%- elif rule.check == 'unique' -%}
        {{ return(trustgate.check_unique(here, rule, columns)) }}
    {%- endif -%}
{%- endmacro %}
