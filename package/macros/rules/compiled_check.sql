{#-
    A named check as SQL, of a rule whose arguments are valid.

    Args: here: place for messages; rule: as declared in YAML; check: its row in `named_checks`;
        columns: typed columns.
    Returns: mapping with columns, whose values show what was found; of a check on records passes;
        of a check on sets group, the columns that must be unique together, and ignore, the rows it
        leaves out; of relationships alias, the name of its join.
    Raises: a compiler error where a value cannot be written as SQL, or a bound is missing.
-#}
{% macro compiled_check(here, rule, check, columns) -%}
    {%- set compared = [] -%}
    {%- for argument, kind in check.needs.items() if kind in ('column', 'columns') -%}
        {%- do compared.extend([rule[argument]] if kind == 'column' else rule[argument]) -%}
    {%- endfor -%}
    {%- if check.scope == 'set' -%}
        {{ return({
            'columns': compared,
            'group': compared or none,
            'ignore': rule.get('ignore_row_if', check.get('ignores')),
        }) }}
    {%- endif -%}
    {{ return({
        'columns': compared,
        'passes': check.passes.format(**trustgate._arguments_as_sql(here, rule, check, columns)),
        'alias': 'for_' ~ rule.id if rule.check == 'relationships' else none,
    }) }}
{%- endmacro %}


{#- Values of `{…}` in the SQL of a check: its arguments, and SQL that combines several. -#}
{% macro _arguments_as_sql(here, rule, check, columns) -%}
    {%- set written = dict(rule, greater='>=' if rule.get('or_equal') else '>') -%}
    {%- set received = trustgate.parse('_received_' ~ rule.get('column'), 'text') -%}
    {%- do written.update(received=received, invisible=trustgate.invisible_characters()) -%}
    {%- set is_quoted = rule.get('quote', rule.get('quote_values', true)) -%}
    {%- for list in ('values', 'value_set') if list in check.needs -%}
        {%- do written.update({list: trustgate._value_list(here, list, rule[list], is_quoted)}) -%}
    {%- endfor -%}
    {%- if check.measured is defined -%}
        {%- set measured = check.measured.format(column=rule.column) -%}
        {%- do written.update(bounds=trustgate._bounds(here, rule, measured)) -%}
    {%- elif rule.check == 'relationships' -%}
        {%- do written.update(parent='for_' ~ rule.id) -%}
    {%- elif rule.check == 'parses_as' -%}
        {%- set given = rule.type | lower | replace(' ', '') -%}
        {%- set declared = columns[rule.column] | lower | replace(' ', '') -%}
        {%- do trustgate.validate_value(here, 'type', given, {'among': [declared]}) -%}
    {%- elif rule.check == 'no_pii' -%}
        {%- do written.update(personal_data=trustgate._personal_data(rule.column)) -%}
    {%- elif 'regex' in check.needs -%}
        {%- do written.update(match=trustgate._match(here, rule)) -%}
    {%- elif 'like_pattern' in check.needs -%}
        {%- do trustgate.validate_value(here, 'like_pattern', rule.like_pattern, {
            'pattern': '(?s)([^\\\\]|\\\\.)*',
            'allowed': 'are patterns with a character behind each backslash',
        }) -%}
        {%- do written.update(like_pattern=trustgate.literal(rule.like_pattern)) -%}
    {%- endif -%}
    {{ return(written) }}
{%- endmacro %}


{#- Values of YAML as an SQL list. Raises where one is neither text nor number. -#}
{% macro _value_list(here, argument, values, is_quoted) -%}
    {%- set written = [] -%}
    {%- for value in values -%}
        {%- if value is not string
            and (value is none or value is iterable or (is_quoted and value is boolean)) -%}
            {{ exceptions.raise_compiler_error(
                here ~ ': ' ~ argument ~ " holds '" ~ value ~ "', allowed are texts and numbers; "
                'put words of YAML in quotes'
            ) }}
        {%- endif -%}
        {%- set text = value | string -%}
        {%- do written.append(trustgate.literal(text) if is_quoted else text) -%}
    {%- endfor -%}
    {{ return(written | join(', ')) }}
{%- endmacro %}


{#- SQL: the value lies between the rule's bounds; null for NULL. Raises where both are missing. -#}
{% macro _bounds(here, rule, value) -%}
    {%- set least, most = rule.get('min_value'), rule.get('max_value') -%}
    {%- if least is none and most is none -%}
        {{ exceptions.raise_compiler_error(
            here ~ ': min_value and max_value are missing; ' ~ rule.check ~ ' needs one or both'
        ) }}
    {%- endif -%}
    {%- set equal = ' ' if rule.get('strictly') else '= ' -%}
    {%- set bounds = [] -%}
    {%- for sign, bound in ((' >', least), (' <', most)) if bound is not none -%}
        {%- do bounds.append(value ~ sign ~ equal ~ bound) -%}
    {%- endfor -%}
    {{ return(bounds | join(' and ')) }}
{%- endmacro %}


{#- SQL: the rule's regular expression is found; null for NULL. Raises where it cannot be one. -#}
{% macro _match(here, rule) -%}
    {%- set flags, regex = rule.get('flags') or '', trustgate.literal(rule.regex) -%}
    {%- do trustgate.validate_value(here, 'flags', flags, {
        'pattern': '[bceimnpqstwx]*', 'allowed': 'are letters among bceimnpqstwx'
    }) -%}
    {#- In other syntaxes than the usual one, brackets may be literal. #}
    {%- set names_syntax = modules.re.match('[*]{3}|[(][?][a-z]+[)]', rule.regex) -%}
    {%- if not modules.re.search('[bqx]', flags) and not names_syntax -%}
        {%- do trustgate._validate_brackets(here, rule.regex) -%}
    {%- endif -%}
    {%- if flags -%}
        regexp_like({{ rule.column }}, {{ regex }}, {{ trustgate.literal(flags) }})
    {%- else -%}
        ({{ rule.column }} ~ {{ regex }})
    {%- endif -%}
{%- endmacro %}


{#- Raises where brackets of a regular expression do not match, or a backslash ends it. -#}
{% macro _validate_brackets(here, regex) -%}
    {%- set characters = '\\[\\^?\\]?(\\[[:.=].*?[:.=]\\]|\\\\.|[^\\]])*\\]' -%}
    {%- set bare = modules.re.sub('(?s)\\\\.|' ~ characters, '', regex) -%}
    {%- set open = namespace(count=0, is_balanced=true) -%}
    {%- for bracket in modules.re.findall('[()]', bare) -%}
        {%- set open.count = open.count + (1 if bracket == '(' else -1) -%}
        {%- set open.is_balanced = open.is_balanced and open.count >= 0 -%}
    {%- endfor -%}
    {%- if '[' in bare or '\\' in bare or open.count != 0 or not open.is_balanced -%}
        {{ exceptions.raise_compiler_error(
            here ~ ": regex is '" ~ regex ~ "', allowed are regular expressions whose brackets and "
            'backslashes are complete'
        ) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL: a text holds an e-mail address, phone number, CPF, IBAN or card number (Luhn's check). -#}
{% macro _personal_data(column) -%}
    {%- set text = '_received_' ~ column -%}
    {%- set patterns = [
        '[[:alnum:]._%+-]+@[[:alnum:]-]+[.][[:alpha:]]{2,}',
        '[+][0-9]{1,3}[ -]?[(]?[0-9]{2,4}[)]?[ -]?[0-9]{3,5}[ -]?[0-9]{3,5}',
        '[(][0-9]{2,4}[)] ?[0-9]{3,5}[ -]?[0-9]{4}',
        '[[:<:]][0-9]{3}[.][0-9]{3}[.][0-9]{3}-[0-9]{2}[[:>:]]',
        '[[:<:]][A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){3,7}( ?[A-Z0-9]{1,3})?[[:>:]]',
    ] -%}
    {#- Few texts hold that many digits; only in those each run of digits is tested. #}
    {%- set card = '[[:<:]][0-9]([ -]?[0-9]){12,18}[[:>:]]' -%}
    ({{ text }} ~ '{{ patterns | join('|') }}' or case when {{ text }} ~ '{{ card }}' then
    {{- ' ' ~ trustgate.quality_schema() }}.holds_card_number({{ text }}) end)
{%- endmacro %}
