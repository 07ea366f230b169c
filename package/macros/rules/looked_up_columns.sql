{#-
    Typed columns of an entity that base is searched by, and therefore indexes: key, lookups,
    columns of joins, and those that rules compare with other records.

    Args: meta: of the base model, see `entity_meta`; columns: mapping of the typed columns.
-#}
{% macro looked_up_columns(meta, columns) -%}
    {%- set key, found = meta.get('key'), [] -%}
    {%- set candidates = [key] if key is string else (key or []) | list -%}
    {%- set candidates = candidates + (meta.get('lookups') or []) -%}
    {%- for join in (meta.get('joins') or {}).values() -%}
        {%- do candidates.append(join.get('column')) -%}
    {%- endfor -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- if rule.get('check') in ('relationships', 'unique') -%}
            {%- do candidates.append(rule.get('column')) -%}
        {%- endif -%}
        {%- do candidates.extend(rule.get('column_list') or []) -%}
    {%- endfor -%}
    {%- for column in candidates if column in columns and column not in found -%}
        {%- do found.append(column) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
