{#-
    The declaration of an entity, valid and complete, as the macros of base use it.

    Args:
        model_name: base model that declares it, for messages.
        meta: its `config: meta:`, see `entity_meta`.
        columns: mapping of the typed columns to their types.
    Returns: mapping with model, entity, key (list), version (or none), formats (of each column, see
        `parse`), looked_up (see `looked_up_columns`), joins (list, see `declared_join`),
        rules (list, see `compiled_rule`) and rules_version (text).
    Raises: a compiler error that names the model, the rule, the value given and the values allowed.
-#}
{% macro declared_entity(model_name, meta, columns) -%}
    {%- set place = 'model ' ~ model_name -%}
    {%- do trustgate.validate(place, 'entity', meta, {'columns': columns | list}) -%}
    {%- for column in columns -%}
        {%- do trustgate.validate_value(place, 'column', column, 'name') -%}
    {%- endfor -%}
    {%- set joins, seen, rules = [], [], [] -%}
    {%- for alias, join in (meta.get('joins') or {}).items() -%}
        {%- set here = place ~ ', join ' ~ alias -%}
        {%- if alias == 'received' -%}
            {{ exceptions.raise_compiler_error(
                here ~ ': received is the text that a column was read from; '
                'give the join another name'
            ) }}
        {%- endif -%}
        {%- do trustgate.validate_value(here, 'name', alias, 'name') -%}
        {%- do joins.append(trustgate.declared_join(here, alias, join, columns, joins)) -%}
    {%- endfor -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- do trustgate.validate_value(place ~ ', rules', 'number ' ~ loop.index, rule, {
            'kind': 'mapping', 'allowed': 'are mappings with an id'
        }) -%}
        {%- if rule.id in seen -%}
            {{ exceptions.raise_compiler_error(
                place ~ ', rule ' ~ rule.id ~ ': the id is used twice; each rule needs its own'
            ) }}
        {%- endif -%}
        {%- do seen.append(rule.id) -%}
        {%- set compiled = trustgate.compiled_rule(place, rule, columns, joins) -%}
        {%- do rules.append(compiled) -%}
        {%- if compiled.alias is not none -%}
            {%- set here, alias = place ~ ', rule ' ~ rule.id, compiled.alias -%}
            {%- set join = {'to': rule.to, 'field': rule.field, 'column': rule.column} -%}
            {%- do joins.append(trustgate.declared_join(here, alias, join, columns, joins)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for rule in trustgate.implied_rules(meta, columns) -%}
        {%- do rules.append(
            dict(trustgate.compiled_rule(place, rule, columns, joins), weight=0)
        ) -%}
    {%- endfor -%}
    {{ return({
        'model': model_name,
        'entity': meta.entity,
        'key': [meta.key] if meta.key is string else meta.key,
        'version': meta.get('version') or none,
        'formats': trustgate.declared_formats(place, meta, columns),
        'looked_up': trustgate.looked_up_columns(meta, columns),
        'joins': joins,
        'rules': rules,
        'rules_version': trustgate.rules_version(meta, columns),
    }) }}
{%- endmacro %}
