{#-
    The named checks. For each:
        needs, may_have: its arguments, each with the kind of its value (see `validate_value`);
        dimension: of a rule that names none;
        scope: `record` where it evaluates a record alone, `set` where it compares it with others;
        passes: SQL over typed columns, true or false and never null, where `{…}` is an argument or
            SQL with which `compiled_check` combines several;
        measured: SQL of what its bounds are compared with;
        ignores: of a check on sets, the rows it leaves out;
        expected: text that describes the expected value.
-#}
{% macro named_checks() -%}
    {{ return({
        'not_null': {
            'needs': {'column': 'column'}, 'may_have': {},
            'dimension': 'completeness', 'scope': 'record',
            'passes': '({column} is not null)',
            'expected': 'a value',
        },
        'unique': {
            'needs': {'column': 'column'}, 'may_have': {},
            'dimension': 'uniqueness', 'scope': 'set', 'ignores': 'any_value_is_missing',
            'expected': 'a value no other record carries',
        },
        'accepted_values': {
            'needs': {'column': 'column', 'values': 'list'}, 'may_have': {'quote': 'boolean'},
            'dimension': 'validity', 'scope': 'record',
            'passes': '(({column} in ({values})) is not false)',
            'expected': 'one of {values}',
        },
        'relationships': {
            'needs': {'column': 'column', 'to': 'any', 'field': 'any'}, 'may_have': {},
            'dimension': 'consistency', 'scope': 'record',
            'passes': '({column} is null or {parent}__is_there is not null)',
            'expected': 'a value of {field} in {to}',
        },
        'expect_column_values_to_be_between': {
            'needs': {'column': 'column'},
            'may_have': {'min_value': 'bound', 'max_value': 'bound', 'strictly': 'boolean'},
            'dimension': 'accuracy', 'scope': 'record',
            'passes': '(({bounds}) is not false)', 'measured': '{column}',
            'expected': '{bounds}',
        },
        'expect_column_values_to_match_regex': {
            'needs': {'column': 'column', 'regex': 'text'},
            'may_have': {'flags': 'text', 'is_raw': 'boolean'},
            'dimension': 'validity', 'scope': 'record',
            'passes': 'coalesce({match}, false)',
            'expected': 'a match of {regex}',
        },
        'expect_column_values_to_not_match_regex': {
            'needs': {'column': 'column', 'regex': 'text'},
            'may_have': {'flags': 'text', 'is_raw': 'boolean'},
            'dimension': 'validity', 'scope': 'record',
            'passes': '({match} is not true)',
            'expected': 'no match of {regex}',
        },
        'expect_column_values_to_be_in_set': {
            'needs': {'column': 'column', 'value_set': 'list'},
            'may_have': {'quote_values': 'boolean'},
            'dimension': 'validity', 'scope': 'record',
            'passes': '(({column} in ({value_set})) is true)',
            'expected': 'one of {value_set}',
        },
        'expect_column_values_to_not_be_in_set': {
            'needs': {'column': 'column', 'value_set': 'list'},
            'may_have': {'quote_values': 'boolean'},
            'dimension': 'validity', 'scope': 'record',
            'passes': '(({column} in ({value_set})) is not true)',
            'expected': 'none of {value_set}',
        },
        'expect_column_values_to_match_like_pattern': {
            'needs': {'column': 'column', 'like_pattern': 'text'}, 'may_have': {},
            'dimension': 'validity', 'scope': 'record',
            'passes': '(({column} like {like_pattern}) is not false)',
            'expected': 'like {like_pattern}',
        },
        'expect_column_value_lengths_to_be_between': {
            'needs': {'column': 'column'},
            'may_have': {'min_value': 'bound', 'max_value': 'bound', 'strictly': 'boolean'},
            'dimension': 'validity', 'scope': 'record',
            'passes': '(({bounds}) is not false)', 'measured': 'length({column})',
            'expected': 'a length of {bounds}',
        },
        'expect_column_pair_values_A_to_be_greater_than_B': {
            'needs': {'column_A': 'column', 'column_B': 'column'},
            'may_have': {'or_equal': 'boolean'},
            'dimension': 'consistency', 'scope': 'record',
            'passes': '(({column_A} {greater} {column_B}) is not false)',
            'expected': '{column_A} {greater} {column_B}',
        },
        'expect_column_pair_values_to_be_equal': {
            'needs': {'column_A': 'column', 'column_B': 'column'}, 'may_have': {},
            'dimension': 'consistency', 'scope': 'record',
            'passes': '(({column_A} = {column_B}) is not false)',
            'expected': '{column_A} = {column_B}',
        },
        'expect_compound_columns_to_be_unique': {
            'needs': {'column_list': 'columns'},
            'may_have': {
                'quote_columns': 'boolean',
                'ignore_row_if': {'among': ['all_values_are_missing', 'any_value_is_missing']},
            },
            'dimension': 'uniqueness', 'scope': 'set', 'ignores': 'all_values_are_missing',
            'expected': 'values no other record carries together',
        },
        'parses_as': {
            'needs': {'column': 'column', 'type': 'text'}, 'may_have': {},
            'dimension': 'validity', 'scope': 'record',
            'passes': '({column} is not null or {received} is null)',
            'expected': '{type}',
        },
        'not_in_future': {
            'needs': {'column': 'column'}, 'may_have': {},
            'dimension': 'timeliness', 'scope': 'record',
            'passes': '(({column} <= _loaded_at) is not false)',
            'expected': 'not later than it was loaded',
        },
        'max_age': {
            'needs': {'column': 'column', 'days': 'positive'}, 'may_have': {},
            'dimension': 'timeliness', 'scope': 'record',
            'passes': "(({column} >= _loaded_at - interval '{days} days') is not false)",
            'expected': 'at most {days} days before it was loaded',
        },
        'no_pii': {
            'needs': {'column': 'column'}, 'may_have': {},
            'dimension': 'validity', 'scope': 'record',
            'passes': '(({personal_data}) is not true)',
            'expected': 'no personal data',
        },
        'no_invisible_characters': {
            'needs': {'column': 'column'}, 'may_have': {},
            'dimension': 'validity', 'scope': 'record',
            'passes': "(({received} ~ '{invisible}') is not true)",
            'expected': 'no invisible characters',
        },
        'no_conflicting_versions': {
            'needs': {}, 'may_have': {},
            'dimension': 'uniqueness', 'scope': 'set',
            'expected': 'one content for each version',
        },
    }) }}
{%- endmacro %}
