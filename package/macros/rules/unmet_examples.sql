{#-
    SQL of the examples that their rule does not judge as declared, of a base model by its name: the very
    predicates that judge records, on texts read as the declared types and formats. One row per example:
    rule_id, expected (`pass` or `fail`), number, example. Reads no table.

    The model's columns need their `data_type` in YAML. `_loaded_at` is now; columns that an example does
    not give are NULL, a parent it gives nothing of is missing.
    Raises: a compiler error where no model has the name, and as `rule_examples`.
-#}
{% macro unmet_examples(name) -%}
    {%- set node = trustgate.declared_node(name) -%}
    {%- if execute and not node -%}
        {{ exceptions.raise_compiler_error("unmet_examples: model is '" ~ name ~ "', which no model is named; leave a base model without alias") }}
    {%- endif -%}
    {%- set meta = node.config.meta if node else {} -%}
    {%- set columns, joins = trustgate._columns_of(node), [] -%}
    {%- set words = dict(columns) -%}
    {%- set formats = dict(trustgate.declared_formats('model ' ~ name, meta, columns)) -%}
    {%- for alias, join in (meta.get('joins') or {}).items() -%}
        {%- do joins.append({'alias': alias}) -%}
        {%- set parent = trustgate.declared_node((join.to | string) | replace('stg_', 'base_', 1)) -%}
        {%- for column, type in trustgate._columns_of(parent).items() -%}
            {%- do words.update({alias ~ '.' ~ column: type}) -%}
            {%- do formats.update({alias ~ '.' ~ column: trustgate.column_format(parent.config.meta, column, type)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set rules, examples = [], [] -%}
    {%- for declared in meta.get('rules') or [] -%}
        {%- set rule = trustgate.compiled_rule('model ' ~ name, declared, columns, joins) -%}
        {%- set here = 'model ' ~ name ~ ', rule ' ~ rule.id -%}
        {%- for example in trustgate.rule_examples(here, declared, rule.scope, words.keys() | list) -%}
            {%- do examples.append(dict(example, rule=rule.id)) -%}
            {%- if loop.first -%}{%- do rules.append(rule) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if examples -%}
        {{ trustgate._judged_examples(rules, examples, words, formats) }}
    {%- else -%}
        select 'no rule has an example' as rule_id
        where false
    {%- endif -%}
{%- endmacro %}


{#- SQL of examples read and judged. Materialized: of a constant the planner would try every reading at once. -#}
{% macro _judged_examples(rules, examples, words, formats) -%}
with

received (
    _rule_id, _expected, _number, _example
    {%- for word in words %}, _received_{{ word | replace('.', '__') }}{% endfor %}
) as materialized (
    values
    {%- for example in examples %}
    ('{{ example.rule }}', '{{ example.expected }}', {{ example.number }}, {{ trustgate.literal(example.text) }}
    {%- for word in words %}, {{ trustgate.literal(example['values'].get(word)) }}::text{% endfor %}){{ ',' if not loop.last }}
    {%- endfor %}
),

typed as (
    select
        *,
        {%- for word, type in words.items() %}
        {%- set column = word | replace('.', '__') %}
        {{ trustgate.parse('_received_' ~ column, type, formats[word]) }} as {{ column }},
        {%- endfor %}
        now() as _loaded_at
    from received
),

judged as (
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
from judged
where _passes is distinct from (_expected = 'pass')
{%- endmacro %}
