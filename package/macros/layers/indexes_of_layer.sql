{#-
    Indexes of the layer being built: list of mappings with columns (names, or SQL in parentheses),
    unique and type. Base also has those by which its records are looked up: `meta: lookups`, and
    the columns of its joins and of rules that compare records.
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
        {%- for column in ['_record_id', '_record_key'] + layer.follows.values() | list -%}
            {%- if column in existing and [column] != keys -%}
                {%- do indexes.append({'columns': [column]}) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ return(indexes) }}
    {%- elif kind == 'mart' -%}
        {{ return([{'columns': trustgate.key_of_layer('mart'), 'unique': true}]) }}
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
