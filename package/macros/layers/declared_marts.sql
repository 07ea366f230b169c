{#-
    The marts of the project whose candidates exist, by name: list of mappings with name, relation,
    exists, is_whole (it has every column that it publishes), entity (whose records make its rows),
    candidate (relation), candidate_name, keys, and the columns that it declares, or none.
-#}
{% macro declared_marts() -%}
    {%- set marts = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='name') -%}
        {%- set layer = (node.config.meta.get('layer') or {})
            if node.resource_type == 'model' else {} -%}
        {%- if layer.get('kind') == 'mart' -%}
            {%- set declared = trustgate.declared_node(layer.candidate) -%}
            {%- set candidate = trustgate._existing(declared) if declared else none -%}
            {%- set existing = trustgate._existing(node) -%}
            {%- if candidate is not none -%}
                {%- set keys = declared.config.unique_key -%}
                {%- set mart = {
                    'name': node.name,
                    'relation': trustgate._relation(node),
                    'exists': existing is not none,
                    'entity': declared.config.meta.layer.of,
                    'candidate': candidate,
                    'candidate_name': declared.name,
                    'keys': [keys] if keys is string else keys | list,
                    'columns': layer.get('columns'),
                } -%}
                {%- do mart.update({'is_whole': trustgate._is_whole(mart)}) -%}
                {%- do marts.append(mart) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(marts) }}
{%- endmacro %}


{% macro _relation(node) -%}
    {{ return(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias, type='table'
    )) }}
{%- endmacro %}


{% macro _existing(node) -%}
    {{ return(load_cached_relation(trustgate._relation(node))) }}
{%- endmacro %}


{#- Whether a mart exists and has every column that it publishes; an earlier version had fewer. -#}
{% macro _is_whole(mart) -%}
    {%- if not mart.exists -%}{{ return(false) }}{%- endif -%}
    {%- set existing = adapter.get_columns_in_relation(mart.relation)
        | map(attribute='name') | list -%}
    {%- for column in trustgate.published_columns(mart) -%}
        {%- if column.split(' as ')[-1] not in existing -%}{{ return(false) }}{%- endif -%}
    {%- endfor -%}
    {{ return(true) }}
{%- endmacro %}
