{#- SQL of the rules of all registered entities, one row each, from dbt's graph. -#}
{% macro declared_rules() -%}
    {%- set rows = [] -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- do trustgate.project_ref('base_' ~ entity) -%}
        {%- set meta = trustgate.meta_of('base_' ~ entity) -%}
        {%- set columns = trustgate.typed_columns('base_' ~ entity) -%}
        {%- set implied = trustgate.implied_rules(meta, columns) -%}
        {%- for rule in (meta.get('rules') or []) + implied -%}
            {%- set described = dict(
                trustgate._described_rule(rule),
                entity=entity,
                rules_version=trustgate.rules_version(meta, columns),
            ) -%}
            {%- if rule in implied -%}{%- do described.update({'weight': 0}) -%}{%- endif -%}
            {%- do rows.append(described) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set columns = [
        'rule_id', 'entity', 'column_name', 'rule_name', 'dimension', 'check_name', 'expression',
        'severity', 'weight', 'message', 'expected', 'rules_version',
    ] -%}
    select
        {%- for column in columns %}
        {{ column }}::{{ 'numeric' if column == 'weight' else 'text' }} as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from (
        values
        {%- for row in rows %}
        ({% for column in columns %}{{ trustgate.literal(row[column]) }}
            {{- ', ' if not loop.last }}{% endfor %}),
        {%- endfor %}
        ({{ (['null'] * columns | length) | join(', ') }})
    ) as rules (
        {{ columns | join(', ') }}
    )
    where rule_id is not null
{%- endmacro %}


{#- Description of a rule, from its YAML alone: its row without entity and version. -#}
{% macro _described_rule(rule) -%}
    {%- set name = rule.get('check', 'expression') -%}
    {%- set check = trustgate.named_checks().get(name) or {
        'needs': {},
        'may_have': {},
        'dimension': 'consistency',
        'expected': rule.get('expression', ''),
    } -%}
    {%- set texts, given = {}, [] -%}
    {%- for argument in check.needs | list + check.may_have | list -%}
        {%- set value = rule.get(argument, '') -%}
        {%- set is_list = value is not string and value is iterable -%}
        {%- do texts.update({argument: value | join(', ') if is_list else value}) -%}
    {%- endfor -%}
    {%- for key in rule if key in texts and key != 'column' -%}
        {%- do given.append(key ~ ': ' ~ texts[key]) -%}
    {%- endfor -%}
    {%- do texts.update(
        greater='>=' if rule.get('or_equal') else '>', bounds=trustgate._bounds_as_text(rule)
    ) -%}
    {{ return({
        'rule_id': rule.id,
        'column_name': rule.get('column'),
        'rule_name': rule.get('name', rule.id | replace('_', ' ')),
        'dimension': rule.get('dimension', check.dimension),
        'check_name': name,
        'expression': rule.get('expression')
            or name ~ ('(' ~ given | join('; ') ~ ')' if given else ''),
        'severity': rule.get('severity', 'error'),
        'weight': rule.get('weight', 1),
        'message': rule.get('message'),
        'expected': check.expected.format(**texts) if rule.check is defined else check.expected,
    }) }}
{%- endmacro %}


{#- Text that describes the bounds of a rule. -#}
{% macro _bounds_as_text(rule) -%}
    {%- set texts = [] -%}
    {%- for bound, text, strict_text in [
        (rule.get('min_value'), 'at least', 'above'), (rule.get('max_value'), 'at most', 'below')
    ] if bound is not none -%}
        {%- do texts.append((strict_text if rule.get('strictly') else text) ~ ' ' ~ bound) -%}
    {%- endfor -%}
    {{ return(texts | join(' and ')) }}
{%- endmacro %}
