{#- SQL of the rules of all registered entities, one row each, from dbt's graph. -#}
{% macro declared_rules() -%}
    {%- set rows = [] -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- do trustgate.project_ref('base_' ~ entity) -%}
        {%- set node = trustgate.declared_node('base_' ~ entity) -%}
        {%- if node -%}
            {%- set columns = trustgate._columns_of(node) -%}
            {%- set meta = node.config.meta -%}
            {%- for rule in meta.get('rules') or [] -%}
                {%- set compiled = trustgate.described_rule(rule) -%}
                {%- do rows.append([
                    rule.id, entity, rule.get('column'), compiled.name, compiled.dimension, compiled.check, compiled.expression,
                    compiled.severity, compiled.weight, rule.get('message'), compiled.expected, trustgate.rules_version(meta, columns),
                ]) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    select
        rule_id::text as rule_id,
        entity::text as entity,
        column_name::text as column_name,
        rule_name::text as rule_name,
        dimension::text as dimension,
        check_name::text as check_name,
        expression::text as expression,
        severity::text as severity,
        weight::numeric as weight,
        message::text as message,
        expected::text as expected,
        rules_version::text as rules_version
    from (
        values
        {%- for row in rows %}
        ({% for value in row %}{{ trustgate.literal(value) }}{{ ', ' if not loop.last }}{% endfor %}),
        {%- endfor %}
        (null, null, null, null, null, null, null, null, null, null, null, null)
    ) as rules (
        rule_id, entity, column_name, rule_name, dimension, check_name, expression, severity, weight, message, expected, rules_version
    )
    where rule_id is not null
{%- endmacro %}
