{#-
    A rule in words, from its YAML alone: mapping with name, check, dimension, severity, weight,
    expression and expected.
-#}
{% macro described_rule(rule) -%}
    {%- set arguments = trustgate.check_arguments().get(rule.get('check'), {'dimension': 'consistency'}) -%}
    {%- set given = [] -%}
    {%- for word, value in rule.items() if word in (arguments.get('required', []) + arguments.get('optional', [])) and word != 'column' -%}
        {%- do given.append(word ~ ': ' ~ (value | join(', ') if value is not string and value is iterable else value)) -%}
    {%- endfor -%}
    {%- set check = rule.get('check', 'expression') -%}
    {{ return({
        'name': rule.get('name', rule.id | replace('_', ' ')),
        'check': check,
        'dimension': rule.get('dimension', arguments.dimension),
        'severity': rule.get('severity', 'error'),
        'weight': rule.get('weight', 1),
        'expression': rule.get('expression') or check ~ ('(' ~ given | join('; ') ~ ')' if given else ''),
        'expected': trustgate._expected_words(rule),
    }) }}
{%- endmacro %}


{#- What a rule expects of a value, in words. -#}
{% macro _expected_words(rule) -%}
    {%- set check = rule.get('check', 'expression') -%}
    {%- if check == 'expression' -%}{{ return(rule.expression) }}
    {%- elif check == 'not_null' -%}{{ return('a value') }}
    {%- elif check == 'unique' -%}{{ return('a value no other record carries') }}
    {%- elif check == 'accepted_values' -%}{{ return('one of ' ~ rule['values'] | join(', ')) }}
    {%- elif check == 'relationships' -%}{{ return('a value of ' ~ rule.field ~ ' in ' ~ rule.to) }}
    {%- elif check == 'expect_column_values_to_be_between' -%}{{ return(trustgate._between_words(rule)) }}
    {%- elif check == 'expect_column_value_lengths_to_be_between' -%}{{ return('a length of ' ~ trustgate._between_words(rule)) }}
    {%- elif check == 'expect_column_values_to_match_regex' -%}{{ return('a match of ' ~ rule.regex) }}
    {%- elif check == 'expect_column_values_to_not_match_regex' -%}{{ return('no match of ' ~ rule.regex) }}
    {%- elif check == 'expect_column_values_to_be_in_set' -%}{{ return('one of ' ~ rule.value_set | join(', ')) }}
    {%- elif check == 'expect_column_values_to_not_be_in_set' -%}{{ return('none of ' ~ rule.value_set | join(', ')) }}
    {%- elif check == 'expect_column_values_to_match_like_pattern' -%}{{ return('like ' ~ rule.like_pattern) }}
    {%- elif check == 'expect_column_pair_values_A_to_be_greater_than_B' -%}{{ return(rule.column_A ~ (' >= ' if rule.get('or_equal') else ' > ') ~ rule.column_B) }}
    {%- elif check == 'expect_column_pair_values_to_be_equal' -%}{{ return(rule.column_A ~ ' = ' ~ rule.column_B) }}
    {%- elif check == 'expect_compound_columns_to_be_unique' -%}{{ return('values no other record carries together') }}
    {%- elif check == 'parses_as' -%}{{ return(rule.type) }}
    {%- elif check == 'not_in_future' -%}{{ return('not later than it was loaded') }}
    {%- elif check == 'max_age' -%}{{ return('at most ' ~ rule.days ~ ' days before it was loaded') }}
    {%- elif check == 'no_pii' -%}{{ return('no personal data') }}
    {%- elif check == 'no_conflicting_versions' -%}{{ return('one content for each version') }}
    {%- endif -%}
{%- endmacro %}
