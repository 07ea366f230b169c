{#- SQL of a column of a side: the relation's own, or as `columns` or `aggregate` define it. -#}
{% macro side_column(side, name) -%}
    {{ return((side.get('aggregate') or {}).get(name) or (side.get('columns') or {}).get(name)
        or (trustgate.verdict_alias(side) if name == '_record_key' else 'side') ~ '.' ~ name) }}
{%- endmacro %}
