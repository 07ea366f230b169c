{#-
    SQL of the examples that their rule does not evaluate as declared, of a base model by its name.
    It uses the predicates that evaluate records, on texts read in the declared types and formats.
    One row per example: rule_id, expected (`pass` or `fail`), number, example. Reads no table.

    The model's columns need their `data_type` in YAML. `_loaded_at` is now; columns that an example
    does not give are NULL, and a parent is missing where none of its columns is given.
    Raises: a compiler error where no model has the name, and where a rule or an example is
    misdeclared, which names the model, the rule and the example.
-#}
{% macro failing_examples(name) -%}
    {%- set place = 'model ' ~ name -%}
    {%- set node = trustgate.declared_node(name) -%}
    {%- if execute and not node -%}
        {{ exceptions.raise_compiler_error(
            "failing_examples: model is '" ~ name ~ "', which no model is named; leave a base "
            'model without alias'
        ) }}
    {%- endif -%}
    {%- set meta, columns = trustgate.meta_of(name), trustgate.typed_columns(name) -%}
    {%- if node -%}
        {%- do trustgate.validate(place, 'entity', meta, {'columns': columns | list}) -%}
    {%- endif -%}
    {%- set types, joins = dict(columns), [] -%}
    {%- set formats = dict(trustgate.declared_formats(place, meta, columns)) -%}
    {%- for alias, join in (meta.get('joins') or {}).items() -%}
        {%- do joins.append({'alias': alias}) -%}
        {%- set parent = (join.to | string).replace('stg_', 'base_', 1) -%}
        {%- for column, type in trustgate.typed_columns(parent).items() -%}
            {%- set format = trustgate.column_format(trustgate.meta_of(parent), column, type) -%}
            {%- do types.update({alias ~ '.' ~ column: type}) -%}
            {%- do formats.update({alias ~ '.' ~ column: format}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set rules, examples = [], [] -%}
    {%- for declared in meta.get('rules') or [] -%}
        {%- set rule = trustgate.compiled_rule(place, declared, columns, joins) -%}
        {%- set here = place ~ ', rule ' ~ rule.id -%}
        {%- set of_rule = trustgate.rule_examples(here, declared, rule.scope, types | list) -%}
        {%- do examples.extend(of_rule) -%}
        {%- if of_rule -%}{%- do rules.append(rule) -%}{%- endif -%}
    {%- endfor -%}
    {%- if examples -%}
        {{ trustgate._evaluated_examples(rules, examples, types, formats) }}
    {%- else -%}
        select 'no rule has an example' as rule_id
        where false
    {%- endif -%}
{%- endmacro %}


{#-
    SQL of examples, read and evaluated. Materialized, because the planner would evaluate every
    reading of a constant.
-#}
{% macro _evaluated_examples(rules, examples, types, formats) -%}
with

received (
    _rule_id, _expected, _number, _example
    {%- for column in types %}, _received_{{ column | replace('.', '__') }}{% endfor %}
) as materialized (
    values
    {%- for example in examples %}
    ('{{ example.rule }}', '{{ example.expected }}', {{ example.number }},
    {{- ' ' ~ trustgate.literal(example.text) }}
    {%- for column in types -%}
    , {{ trustgate.literal(example['values'].get(column)) }}::text
    {%- endfor %}){{ ',' if not loop.last }}
    {%- endfor %}
),

typed as (
    select
        *,
        {%- for name, type in types.items() %}
        {%- set column = name | replace('.', '__') %}
        {{ trustgate.parse('_received_' ~ column, type, formats[name]) }} as {{ column }},
        {%- endfor %}
        now() as _loaded_at
    from received
),

evaluated as (
    select
        _rule_id,
        _expected,
        _number,
        _example,
        case _rule_id
            {%- for rule in rules %}
            when '{{ rule.id }}' then {{ rule.passes }}
            {%- endfor %}
        end as _passes
    from typed
)

select
    _rule_id as rule_id,
    _expected as expected,
    _number as number,
    _example as example
from evaluated
where _passes is distinct from (_expected = 'pass')
{%- endmacro %}
