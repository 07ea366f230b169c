{#-
    Layers between base and the model being built that follow an entity: candidates and reconciliations that it refs.
    An increment ends where the slowest of them is.
-#}
{% macro upstream_layers(entity) -%}
    {%- set layers = [] -%}
    {%- for id in model.depends_on.nodes -%}
        {%- set node = graph.nodes.get(id) -%}
        {%- set layer = (node.config.meta.get('layer') if node else none) or {} -%}
        {%- if layer.get('kind') == 'candidate' and entity in layer.entities -%}
            {%- do layers.append(node.name) -%}
        {%- elif layer.get('kind') == 'reconciliation' and entity in trustgate.followed_entities(node.config.meta.get('reconciliation')) -%}
            {%- do layers.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(layers | sort) }}
{%- endmacro %}
