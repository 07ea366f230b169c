{#- SQL list of the columns to look rows of a side up by: indexed ones, where base has them. -#}
{% macro side_lookup(side, keys) -%}
    {%- set is_of_base = side.get('entity')
        and side.relation in ('base_' ~ side.entity, 'stg_' ~ side.entity) -%}
    {%- set own = trustgate.record_columns(side.relation) -%}
    {%- if is_of_base and keys | length == 1 and keys[0] not in (side.get('columns') or {}) -%}
        side.{{ trustgate.lookup_column(side.entity, keys[0]) }}
    {%- elif keys == ['_record_key'] and own | length == 1
        and trustgate.lookup_column(side.entity, own[0]) == '_record_key' -%}
        side.{{ own[0] }}
    {%- else -%}
        {{ trustgate.side_key(side, keys) }}
    {%- endif -%}
{%- endmacro %}
