{#- Statement that deletes the watermarks of models that are no longer layers. -#}
{% macro delete_removed_layers() -%}
    {%- set layers = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if node.config.materialized == 'layer' -%}
            {%- do layers.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if layers %}
    delete from {{ trustgate.bookkeeping('layer_progress') }}
    where layer <> all(array['{{ layers | join("', '") }}']);
    {%- endif -%}
{%- endmacro %}
