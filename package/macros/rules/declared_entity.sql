{#-
    The declaration of an entity, checked and complete, as the macros of base use it.

    Args:
        model_name: base model that declares it, for messages.
        meta: its `config: meta:`, see `entity_meta`.
        columns: mapping of the typed columns to their types.
    Returns: mapping with model, entity, key (list), version (or none), formats (mapping of column
        to its format, see `parse`), joins (list, see `declared_join`), rules (list, see `compiled_rule`), rules_version (text).
    Raises: a compiler error naming the model, the rule, the value given and the values allowed.
-#}
{% macro declared_entity(model_name, meta, columns) -%}
    {%- set place = 'model ' ~ model_name -%}
    {%- do trustgate.refuse_unknown_words(place ~ ', meta', meta, [
        'entity', 'key', 'version', 'gate', 'joins', 'rules', 'stamps', 'max_retries', 'timestamp_formats', 'time_zone', 'decimal_mark', 'formats',
        'amount', 'amount_reader', 'content_hash', 'format', 'unknown_columns', 'lookups', 'layer',
    ]) -%}
    {%- do trustgate._refuse_wrong_shapes(place, meta) -%}
    {%- do trustgate._refuse_taken_names(place, 'column', columns) -%}
    {%- do trustgate._refuse_other_columns(place, meta, columns) -%}
    {%- set key = [meta.key] if meta.key is string else meta.key -%}
    {%- for column in key + ([meta.version] if meta.get('version') else []) -%}
        {%- do trustgate.refuse_unknown_word(place, 'column', column, columns.keys() | list) -%}
    {%- endfor -%}
    {%- set joins, seen, rules = [], [], [] -%}
    {%- for alias, join in (meta.get('joins') or {}).items() -%}
        {%- do joins.append(trustgate.declared_join(place ~ ', join ' ~ alias, alias, join, columns, joins)) -%}
    {%- endfor -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- if rule.id in seen -%}
            {{ exceptions.raise_compiler_error(place ~ ', rule ' ~ rule.id ~ ': the id is used twice; each rule needs its own') }}
        {%- endif -%}
        {%- do seen.append(rule.id) -%}
        {%- if rule.check == 'relationships' -%}
            {%- set join = {'to': rule.to, 'field': rule.field, 'column': rule.column} -%}
            {%- do joins.append(trustgate.declared_join(place ~ ', rule ' ~ rule.id, 'for_' ~ rule.id, join, columns, joins)) -%}
        {%- endif -%}
        {%- do rules.append(trustgate.compiled_rule(place, rule, columns, joins)) -%}
    {%- endfor -%}
    {{ return({
        'model': model_name,
        'entity': meta.entity,
        'key': key,
        'version': meta.get('version'),
        'formats': trustgate.declared_formats(place, meta, columns),
        'joins': joins,
        'rules': rules,
        'rules_version': trustgate.rules_version(meta, columns),
    }) }}
{%- endmacro %}


{#- Raises where key, joins, rules or attempts of an entity are something else than they must be. -#}
{% macro _refuse_wrong_shapes(place, meta) -%}
    {%- if not meta.get('key') -%}
        {{ exceptions.raise_compiler_error(place ~ ': key is missing; name the column, or list the columns, that identify a record') }}
    {%- endif -%}
    {%- if meta.key is not string -%}
        {%- do trustgate.refuse_wrong_kind(place, 'key', meta.key, 'list') -%}
    {%- endif -%}
    {%- if meta.get('max_retries') is not none -%}
        {%- do trustgate.refuse_wrong_kind(place, 'max_retries', meta.max_retries, 'count') -%}
    {%- endif -%}
    {%- if meta.get('joins') and meta.joins is not mapping -%}
        {{ exceptions.raise_compiler_error(place ~ ": joins is '" ~ meta.joins ~ "', allowed is a mapping of names to joins") }}
    {%- endif -%}
    {%- if meta.get('rules') -%}
        {%- do trustgate.refuse_wrong_kind(place, 'rules', meta.rules, 'list') -%}
    {%- endif -%}
    {%- for rule in meta.get('rules') or [] if rule is not mapping -%}
        {{ exceptions.raise_compiler_error(place ~ ", rules: number " ~ loop.index ~ " is '" ~ rule ~ "', allowed are mappings with an id") }}
    {%- endfor -%}
{%- endmacro %}


{#- Raises where the SQL of base reads other columns or types than its YAML has: the rules are known by both. -#}
{% macro _refuse_other_columns(place, meta, columns) -%}
    {%- set node = trustgate.declared_node('base_' ~ meta.entity) -%}
    {%- set declared = trustgate._written_alike(trustgate._columns_of(node)) -%}
    {%- set read = trustgate._written_alike(columns) -%}
    {%- for column in (read.keys() | list + declared.keys() | list) | unique if node and read.get(column) != declared.get(column) -%}
        {{ exceptions.raise_compiler_error(
            place ~ ': column ' ~ column ~ " is '" ~ read.get(column, 'missing') ~ "' in the SQL of base and '" ~ declared.get(column, 'missing')
            ~ "' in its YAML; give it the same data_type in both"
        ) }}
    {%- endfor -%}
{%- endmacro %}
