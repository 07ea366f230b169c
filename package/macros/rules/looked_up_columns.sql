{#-
    Typed columns of an entity that an index holds, and how long their values may be there: key,
    lookups, columns of joins, those that rules compare with other records, and those of which
    candidates make their keys. An entry of an index has at most 2,704 bytes, which the columns of
    one key share.

    Args: meta: of the base model, see `entity_meta`; columns: mapping of the typed columns.
    Returns: mapping of columns to bytes.
-#}
{% macro looked_up_columns(meta, columns) -%}
    {%- set key, found = meta.get('key'), {} -%}
    {%- set keys = [[key] if key is string else (key or []) | list] -%}
    {%- for lookup in meta.get('lookups') or [] -%}{%- do keys.append([lookup]) -%}{%- endfor -%}
    {%- for join in (meta.get('joins') or {}).values() -%}
        {%- do keys.append([join.get('column')]) -%}
    {%- endfor -%}
    {%- for rule in meta.get('rules') or [] if rule is mapping -%}
        {%- if rule.get('check') in ('relationships', 'unique') -%}
            {%- do keys.append([rule.get('column')]) -%}
        {%- endif -%}
        {%- do keys.extend((rule.get('column_list') or []) | batch(1)) -%}
    {%- endfor -%}
    {%- set nodes = graph.nodes.values() if execute and graph else [] -%}
    {%- for node in nodes if node.resource_type == 'model' -%}
        {%- set layer = node.config.meta.get('layer') or {} -%}
        {%- if layer.get('kind') == 'candidate' and layer.of == meta.get('entity') -%}
            {%- do keys.append(layer['key'].values() | list) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for parts in keys -%}
        {%- set read = modules.re.findall('(?<![.\\w])[a-z_]\\w*', parts | join(' ')) -%}
        {%- for column in columns if column in read -%}
            {%- set most = [2000, 2500 // parts | length, found.get(column, 2000)] | min -%}
            {%- do found.update({column: most}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
