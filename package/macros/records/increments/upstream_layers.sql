{#-
    Layers between base and the model being built that follow an entity: candidates and
    reconciliations that it refs. An increment ends at the lowest of their watermarks.
-#}
{% macro upstream_layers(entity) -%}
    {%- set layers = [] -%}
    {%- for id in model.depends_on.nodes -%}
        {%- set node = graph.nodes.get(id) -%}
        {%- set layer = (node.config.meta.get('layer') if node else none) or {} -%}
        {%- if layer.get('kind') == 'candidate' and entity in layer.entities -%}
            {%- do layers.append(node.name) -%}
        {%- elif layer.get('kind') == 'reconciliation' -%}
            {%- set declared = node.config.meta.get('reconciliation') -%}
            {%- if entity in trustgate.followed_entities(declared) -%}
                {%- do layers.append(node.name) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(layers | sort) }}
{%- endmacro %}
