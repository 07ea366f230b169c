{#-
    The named checks: for each, the arguments it must be given, those it may be given, the dimension it
    speaks of by default, and whether it judges a record alone (`record`) or among others (`set`).
-#}
{% macro check_arguments() -%}
    {{ return({
        'not_null': {'required': ['column'], 'optional': [], 'dimension': 'completeness', 'scope': 'record'},
        'unique': {'required': ['column'], 'optional': [], 'dimension': 'uniqueness', 'scope': 'set'},
        'accepted_values': {'required': ['column', 'values'], 'optional': ['quote'], 'dimension': 'validity', 'scope': 'record'},
        'relationships': {'required': ['column', 'to', 'field'], 'optional': [], 'dimension': 'consistency', 'scope': 'record'},
        'expect_column_values_to_be_between': {'required': ['column'], 'optional': ['min_value', 'max_value', 'strictly'], 'dimension': 'accuracy', 'scope': 'record'},
        'expect_column_values_to_match_regex': {'required': ['column', 'regex'], 'optional': ['flags', 'is_raw'], 'dimension': 'validity', 'scope': 'record'},
        'expect_column_values_to_not_match_regex': {'required': ['column', 'regex'], 'optional': ['flags', 'is_raw'], 'dimension': 'validity', 'scope': 'record'},
        'expect_column_values_to_be_in_set': {'required': ['column', 'value_set'], 'optional': ['quote_values'], 'dimension': 'validity', 'scope': 'record'},
        'expect_column_values_to_not_be_in_set': {'required': ['column', 'value_set'], 'optional': ['quote_values'], 'dimension': 'validity', 'scope': 'record'},
        'expect_column_values_to_match_like_pattern': {'required': ['column', 'like_pattern'], 'optional': [], 'dimension': 'validity', 'scope': 'record'},
        'expect_column_value_lengths_to_be_between': {'required': ['column'], 'optional': ['min_value', 'max_value', 'strictly'], 'dimension': 'validity', 'scope': 'record'},
        'expect_column_pair_values_A_to_be_greater_than_B': {'required': ['column_A', 'column_B'], 'optional': ['or_equal'], 'dimension': 'consistency', 'scope': 'record'},
        'expect_column_pair_values_to_be_equal': {'required': ['column_A', 'column_B'], 'optional': [], 'dimension': 'consistency', 'scope': 'record'},
        'expect_compound_columns_to_be_unique': {'required': ['column_list'], 'optional': ['quote_columns', 'ignore_row_if'], 'dimension': 'uniqueness', 'scope': 'set'},
        'parses_as': {'required': ['column', 'type'], 'optional': [], 'dimension': 'validity', 'scope': 'record'},
        'not_in_future': {'required': ['column'], 'optional': [], 'dimension': 'timeliness', 'scope': 'record'},
        'max_age': {'required': ['column', 'days'], 'optional': [], 'dimension': 'timeliness', 'scope': 'record'},
        'no_pii': {'required': ['column'], 'optional': [], 'dimension': 'validity', 'scope': 'record'},
        'no_conflicting_versions': {'required': [], 'optional': [], 'dimension': 'uniqueness', 'scope': 'set'},
    }) }}
{%- endmacro %}
