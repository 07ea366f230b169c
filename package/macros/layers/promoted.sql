{#-
    Relation of the promoted records of an entity (stg) of the active dataset, for the select of a
    candidate; in an increment, those that belong to affected keys.
-#}
{% macro promoted(entity) -%}
    {%- set stg = ref('stg_' ~ entity) -%}
    {%- set layer = model.config.meta.get('layer') or {} -%}
    {%- set shared = layer.get('follows', {}).get(entity) -%}
    (
        select *
        {%- if entity == layer.get('of') %}
        {%- set key = {} %}
        {%- for column, expression in layer['key'].items() -%}
            {%- do key.update({column: trustgate.lookup_column(entity, expression)}) -%}
        {%- endfor %}
        from {{ trustgate.in_scope(stg, key) | indent(8) }} as records
        {%- elif shared in layer.get('key', {}) %}
        {%- set key = {shared: trustgate.lookup_column(entity, shared)} %}
        from {{ trustgate.in_scope(stg, key) | indent(8) }} as records
        {%- else %}
        from {{ stg }}
        {%- endif %}
        where _dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
    )
{%- endmacro %}
