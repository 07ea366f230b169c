{#-
    Indexes of the layer being built: list of mappings with columns (names, or SQL in parentheses),
    unique and type. Base and the candidate also have those by which records are looked up: `meta:
    lookups`; base those of its joins and of rules that compare records too.
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
        {%- for column in trustgate._lookups(layer.entities[0]) -%}
            {%- do indexes.append({'columns': [column]}) -%}
        {%- endfor -%}
        {{ return(indexes) }}
    {%- elif kind == 'candidate' -%}
        {%- set keys = layer['key'] | list -%}
        {%- set indexes = [{'columns': keys, 'unique': true}] -%}
        {%- set existing = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
        {%- set own = trustgate.record_columns(trustgate.model_name()) -%}
        {%- set is_keyed = own | length == 1
            and trustgate.lookup_column(layer.of, own[0]) == '_record_key' -%}
        {%- if '_record_id' in existing and not own -%}
            {%- do indexes.append({'columns': ['_record_id']}) -%}
        {%- endif -%}
        {%- if '_record_key' in existing and not is_keyed -%}
            {%- do indexes.append({'columns': ['_record_key']}) -%}
        {%- endif -%}
        {%- if trustgate.setting('candidates').get(layer.of) == trustgate.model_name() -%}
            {%- for lookup in trustgate.meta_of('base_' ~ layer.of).get('lookups') or [] -%}
                {%- do indexes.append({'columns': [lookup]}) -%}
            {%- endfor -%}
        {%- endif -%}
        {{ return(indexes) }}
    {%- elif kind == 'reconciliation' -%}
        {{ return([{'columns': ['record_key']}]) }}
    {%- endif -%}
    {{ return(model.config.meta.layer.get('indexes', [])) }}
{%- endmacro %}


{#- Columns and expressions by which other models look the records of an entity up. -#}
{% macro _lookups(entity) -%}
    {%- set meta = trustgate.meta_of('base_' ~ entity) -%}
    {%- set lookups = [] -%}
    {%- for column in meta.get('lookups') or [] -%}{%- do lookups.append(column) -%}{%- endfor -%}
    {%- for join in (meta.get('joins') or {}).values() -%}
        {%- do lookups.append(join.column) -%}
    {%- endfor -%}
    {%- for rule in meta.get('rules') or [] if rule.check == 'relationships' -%}
        {%- do lookups.append(rule.column) -%}
    {%- endfor -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- set compared = [rule.column] if rule.check == 'unique'
            else rule.get('column_list') or [] -%}
        {%- if compared and not compared | select('in', lookups) | list -%}
            {%- do lookups.append(compared[0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(lookups | unique | list) }}
{%- endmacro %}
