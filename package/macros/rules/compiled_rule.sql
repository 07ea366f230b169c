{#-
    One rule, valid and as SQL.

    Args: place: for messages; rule: as declared in YAML; columns: typed columns; joins: see
        `declared_entity`.
    Returns: mapping with
        id, column, check, dimension, severity, weight, examples, condition (row_condition), scope;
        passes: SQL over typed columns, true or false, never null (scope record);
        columns, group, ignore, alias: see `compiled_check`.
    Raises: a compiler error that names the model, the rule, the value given and the values allowed.
-#}
{% macro compiled_rule(place, rule, columns, joins) -%}
    {%- set here = place ~ ', rule ' ~ (rule.id or '(without id)') -%}
    {%- set check = trustgate._valid_check(here, rule, columns) -%}
    {%- if rule.check is defined -%}
        {%- set compiled = trustgate.compiled_check(here, rule, check, columns) -%}
    {%- else -%}
        {%- set compiled = trustgate._compiled_expression(here, rule, columns, joins) -%}
    {%- endif -%}
    {%- set passes, condition = compiled.get('passes'), rule.get('row_condition') -%}
    {%- if condition is not none -%}
        {%- set applies = trustgate._as_received(here, condition, columns) -%}
        {%- if passes -%}
            {%- set passes = '((' ~ applies ~ ') is not true or ' ~ passes ~ ')' -%}
        {%- elif applies != condition | string -%}
            {{ exceptions.raise_compiler_error(
                here ~ ': its row_condition cannot read received text, since ' ~ rule.check
                ~ ' compares a record with others'
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ return({
        'id': rule.id,
        'column': rule.get('column'),
        'check': rule.get('check', 'expression'),
        'dimension': rule.get('dimension', check.dimension),
        'severity': rule.get('severity', 'error'),
        'weight': rule.get('weight', 1),
        'examples': rule.get('examples'),
        'condition': condition,
        'scope': check.scope,
        'passes': passes,
        'columns': compiled.columns,
        'alias': compiled.get('alias'),
        'group': compiled.get('group'),
        'ignore': compiled.get('ignore'),
    }) }}
{%- endmacro %}


{#- The check of a rule, whose arguments are validated: see `named_checks`. -#}
{% macro _valid_check(here, rule, columns) -%}
    {%- do trustgate.validate_value(here, 'id', rule.id | string, 'identifier') -%}
    {%- if (rule.check is defined) == (rule.expression is defined) -%}
        {{ exceptions.raise_compiler_error(
            here ~ ': it needs a check or an expression, and not both'
        ) }}
    {%- endif -%}
    {%- set check = {'dimension': 'consistency', 'scope': 'record', 'needs': {}, 'may_have': {}} -%}
    {%- set keys = {'expression': 'condition'} -%}
    {%- if rule.check is defined -%}
        {%- set checks = trustgate.named_checks() -%}
        {%- do trustgate.validate_value(here, 'check', rule.check, {'among': checks | list}) -%}
        {%- set check, keys = checks[rule.check], {'check': 'any'} -%}
    {%- endif -%}
    {%- for known in (trustgate.specifications().rule['keys'], check.needs, check.may_have) -%}
        {%- do keys.update(known) -%}
    {%- endfor -%}
    {%- set specified = {
        'keys': keys,
        'required': check.needs | list,
        'needs': rule.check ~ ' needs ' ~ check.needs | join(', '),
    } -%}
    {%- do trustgate.validate(here, specified, rule, {'columns': columns | list}) -%}
    {{ return(check) }}
{%- endmacro %}


{#-
    A free expression as SQL: the record fails where it is false and passes where it is null.
    `<join>.column` is a parent's column, `received.column` the text that a column was read from.
-#}
{% macro _compiled_expression(here, rule, columns, joins) -%}
    {%- set written = namespace(sql=rule.expression) -%}
    {%- set shown = [] -%}
    {%- for column in columns
        if modules.re.search('(?<![.\\w])(received\\.)?' ~ column ~ '(?!\\w)', written.sql) -%}
        {%- do shown.append(column) -%}
    {%- endfor -%}
    {%- for join in joins -%}
        {%- set of_parent = '(?<![.\\w])' ~ join.alias ~ '\\.(\\w+)' -%}
        {%- for column in modules.re.findall(of_parent, rule.expression) | unique(true) -%}
            {%- set readable = {'parent': join.get('columns')} -%}
            {%- do trustgate.validate_value(
                here, join.alias, column | lower, {'among': 'parent'}, readable
            ) -%}
            {%- do shown.append(join.alias ~ '__' ~ column) -%}
        {%- endfor -%}
        {%- set written.sql = modules.re.sub(of_parent, join.alias ~ '__\\1', written.sql) -%}
    {%- endfor -%}
    {%- set passes = trustgate._as_received(here, written.sql, columns) -%}
    {{ return({'passes': '((' ~ passes ~ ') is not false)', 'columns': shown}) }}
{%- endmacro %}


{#- SQL of an expression, with `received.column` as the column that base's SQL gives that text. -#}
{% macro _as_received(here, expression, columns) -%}
    {%- set received = '(?<![.\\w])received\\.(\\w+)' -%}
    {%- for column in modules.re.findall(received, expression) -%}
        {%- do trustgate.validate_value(here, 'received', column, {'among': columns | list}) -%}
    {%- endfor -%}
    {{ return(modules.re.sub(received, '_received_\\1', expression)) }}
{%- endmacro %}
