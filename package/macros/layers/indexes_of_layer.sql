{#-
    The indexes of the layer being built: list of mappings with columns (names, or SQL in parentheses), unique and type.
    Of an entity and its candidate also those by which others look records up: `meta: lookups` of the base model, and the columns of
    its own joins and of rules that compare it with others.
-#}
{% macro indexes_of_layer(kind) -%}
    {%- set layer = model.config.meta.layer -%}
    {%- if kind == 'raw' -%}
        {{ return([
            {'columns': ['_record_id'], 'unique': true},
            {'columns': ['_batch_id']},
            {'columns': ['_dataset'], 'type': 'brin'},
        ]) }}
    {%- elif kind == 'base' -%}
        {%- set indexes = [
            {'columns': ['_record_id'], 'unique': true},
            {'columns': ['_record_key']},
            {'columns': ['_batch_id']},
            {'columns': ['_check_seq']},
            {'columns': ['_dq_status']},
            {'columns': ['_rules_version']},
            {'columns': ['_dataset'], 'type': 'brin'},
        ] -%}
        {%- for column in trustgate._lookups(layer.entities[0]) -%}{%- do indexes.append({'columns': [column]}) -%}{%- endfor -%}
        {{ return(indexes) }}
    {%- elif kind == 'candidate' -%}
        {%- set keys = layer['key'] | list -%}
        {%- set indexes = [{'columns': keys, 'unique': true}] -%}
        {%- set there = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
        {%- set own = trustgate.record_columns(trustgate.model_name()) -%}
        {%- if '_record_id' in there and not own -%}{%- do indexes.append({'columns': ['_record_id']}) -%}{%- endif -%}
        {%- if '_record_key' in there and not (own | length == 1 and trustgate.lookup_column(layer.of, own[0]) == '_record_key') -%}{%- do indexes.append({'columns': ['_record_key']}) -%}{%- endif -%}
        {%- if trustgate.setting('candidates').get(layer.of) == trustgate.model_name() -%}
            {%- for lookup in trustgate.meta_of('base_' ~ layer.of).get('lookups') or [] -%}{%- do indexes.append({'columns': [lookup]}) -%}{%- endfor -%}
        {%- endif -%}
        {{ return(indexes) }}
    {%- elif kind == 'mart' -%}
        {{ return([{'columns': trustgate.key_of_layer('mart'), 'unique': true}]) }}
    {%- elif kind == 'reconciliation' -%}
        {{ return([{'columns': ['record_key']}]) }}
    {%- endif -%}
    {{ return(model.config.meta.layer.get('indexes', [])) }}
{%- endmacro %}


{#- Columns and expressions by which the records of an entity are looked up by others. -#}
{% macro _lookups(entity) -%}
    {%- set meta = trustgate.meta_of('base_' ~ entity) -%}
    {%- set lookups = [] -%}
    {%- for column in meta.get('lookups') or [] -%}{%- do lookups.append(column) -%}{%- endfor -%}
    {%- for join in (meta.get('joins') or {}).values() -%}{%- do lookups.append(join.column) -%}{%- endfor -%}
    {%- for rule in meta.get('rules') or [] if rule.check == 'relationships' -%}{%- do lookups.append(rule.column) -%}{%- endfor -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- set compared = [rule.column] if rule.check == 'unique' else (rule.get('column_list') or []) -%}
        {%- if compared and not compared | select('in', lookups) | list -%}{%- do lookups.append(compared[0]) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(lookups | unique | list) }}
{%- endmacro %}
