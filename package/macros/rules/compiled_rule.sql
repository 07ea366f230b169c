{#-
    One rule, checked and turned into SQL.

    Args: place: for messages; rule: mapping of the YAML; columns: typed columns; joins: declared joins.
    Returns: mapping with
        id, column, check, dimension, severity, weight, examples, scope;
        passes: SQL over typed columns, true or false, never null (scope record);
        columns: columns whose values tell what was found; condition: row_condition;
        alias: join of a relationships rule; group: for set rules the columns that must be unique, and
        ignore: which of their rows are not looked at.
    Raises: a compiler error naming the model, the rule, the value given and the values allowed.
-#}
{% macro compiled_rule(place, rule, columns, joins) -%}
    {%- set here = place ~ ', rule ' ~ (rule.id or '(without id)') -%}
    {%- if not modules.re.fullmatch('[a-z][a-z0-9_]{0,62}', rule.id | string) -%}
        {{ exceptions.raise_compiler_error(here ~ ": id is '" ~ rule.id ~ "', allowed are lower case letters, digits and underscores, starting with a letter") }}
    {%- endif -%}
    {%- set checks = trustgate.check_arguments() -%}
    {%- set common = ['id', 'name', 'column', 'severity', 'weight', 'dimension', 'message', 'description', 'row_condition', 'examples', 'max_retries'] -%}
    {%- if (rule.check is defined) == (rule.expression is defined) -%}
        {{ exceptions.raise_compiler_error(here ~ ': it needs a check or an expression, and not both') }}
    {%- endif -%}
    {%- if rule.check is defined -%}
        {%- do trustgate.refuse_unknown_word(here, 'check', rule.check, checks.keys() | list) -%}
        {%- set arguments = checks[rule.check] -%}
        {%- for argument in arguments.required if rule.get(argument) is none -%}
            {{ exceptions.raise_compiler_error(here ~ ': ' ~ argument ~ ' is missing; ' ~ rule.check ~ ' needs ' ~ arguments.required | join(', ')) }}
        {%- endfor -%}
        {%- do trustgate.refuse_unknown_words(here, rule, ['check'] + common + arguments.required + arguments.optional) -%}
    {%- else -%}
        {%- set arguments = {'dimension': 'consistency', 'scope': 'record'} -%}
        {%- do trustgate.refuse_unknown_words(here, rule, ['expression'] + common) -%}
    {%- endif -%}
    {%- set kinds = trustgate._argument_kinds() -%}
    {%- for argument, value in rule.items() if argument in kinds -%}
        {%- do trustgate.refuse_wrong_kind(here, argument, value, kinds[argument]) -%}
    {%- endfor -%}
    {%- for argument in ('column', 'column_A', 'column_B') if rule.get(argument) is not none -%}
        {%- do trustgate.refuse_unknown_word(here, argument, rule[argument], columns.keys() | list) -%}
    {%- endfor -%}
    {%- for column in rule.get('column_list') or [] -%}
        {%- do trustgate.refuse_unknown_word(here, 'column_list', column, columns.keys() | list) -%}
    {%- endfor -%}
    {%- set dimension = rule.get('dimension', arguments.dimension) -%}
    {%- do trustgate.refuse_unknown_word(here, 'dimension', dimension, ['completeness', 'validity', 'accuracy', 'consistency', 'uniqueness', 'timeliness']) -%}
    {%- set severity = rule.get('severity', 'error') -%}
    {%- do trustgate.refuse_unknown_word(here, 'severity', severity, ['error', 'warn']) -%}
    {%- if rule.check is defined -%}
        {%- set compiled = trustgate.compiled_check(here, rule, columns) -%}
    {%- else -%}
        {%- set compiled = trustgate._compiled_expression(here, rule, columns, joins) -%}
    {%- endif -%}
    {%- set passes = compiled.get('passes') -%}
    {%- set condition = rule.get('row_condition') -%}
    {%- if condition is not none and passes -%}
        {%- set passes = '((' ~ trustgate.as_received_text(here, condition, columns) ~ ') is not true or ' ~ passes ~ ')' -%}
    {%- elif condition is not none and trustgate.as_received_text(here, condition, columns) != condition | string -%}
        {{ exceptions.raise_compiler_error(here ~ ': its row_condition cannot read received text, since ' ~ rule.check ~ ' judges a record among others') }}
    {%- endif -%}
    {{ return({
        'id': rule.id,
        'column': rule.get('column'),
        'check': rule.get('check', 'expression'),
        'dimension': dimension,
        'severity': severity,
        'weight': rule.get('weight', 1),
        'examples': rule.get('examples'),
        'condition': condition,
        'scope': arguments.scope,
        'passes': passes,
        'columns': compiled.columns,
        'alias': compiled.get('alias'),
        'group': compiled.get('group'),
        'ignore': compiled.get('ignore'),
    }) }}
{%- endmacro %}


{#- What arguments of a rule must be, see `refuse_wrong_kind`; bounds may be left empty and are looked at where they are used. -#}
{% macro _argument_kinds() -%}
    {{ return({
        'name': 'text',
        'message': 'text',
        'description': 'text',
        'expression': 'condition',
        'row_condition': 'condition',
        'weight': 'positive',
        'max_retries': 'count',
        'values': 'list',
        'value_set': 'list',
        'column_list': 'list',
        'quote': 'boolean',
        'quote_values': 'boolean',
        'quote_columns': 'boolean',
        'strictly': 'boolean',
        'or_equal': 'boolean',
        'is_raw': 'boolean',
        'regex': 'text',
        'flags': 'text',
        'like_pattern': 'text',
        'type': 'text',
        'days': 'positive',
    }) }}
{%- endmacro %}


{#-
    A free expression: the record fails where it is false; null passes. `<join>.column` is a parent's column,
    `received.column` the text that a column was read from.
-#}
{% macro _compiled_expression(here, rule, columns, joins) -%}
    {%- set shown = [] -%}
    {%- for column in columns if modules.re.search('(?<![.\\w])(received\\.)?' ~ column ~ '(?!\\w)', rule.expression | string) -%}{%- do shown.append(column) -%}{%- endfor -%}
    {%- set seen = trustgate._joined_columns(here, rule.expression, joins) -%}
    {%- for column in seen -%}{%- do shown.append(column) -%}{%- endfor -%}
    {{ return({
        'passes': '((' ~ trustgate.as_received_text(here, trustgate._joined_expression(rule.expression, joins), columns) ~ ') is not false)',
        'columns': shown,
    }) }}
{%- endmacro %}


{#- The columns of joined parents that an expression reads, as `<join>__<column>`. Raises where a parent has none of the name. -#}
{% macro _joined_columns(here, expression, joins) -%}
    {%- set found = [] -%}
    {%- for join in joins -%}
        {%- for column in modules.re.findall('(?<![.\\w])' ~ join.alias ~ '\\.(\\w+)', expression | string) -%}
            {%- if join.get('columns') -%}{%- do trustgate.refuse_unknown_word(here, join.alias, column | lower, join.columns) -%}{%- endif -%}
            {%- if join.alias ~ '__' ~ column not in found -%}{%- do found.append(join.alias ~ '__' ~ column) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}


{#- An expression with `<join>.column` written as the column that base's SQL gives it. -#}
{% macro _joined_expression(expression, joins) -%}
    {%- set written = namespace(text=expression | string) -%}
    {%- for join in joins -%}
        {%- set written.text = modules.re.sub('(?<![.\\w])' ~ join.alias ~ '\\.(\\w+)', join.alias ~ '__\\1', written.text) -%}
    {%- endfor -%}
    {{ return(written.text) }}
{%- endmacro %}
