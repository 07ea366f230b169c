{#- Post-hook of `layer_progress`: forgets models that are layers no longer, for which nobody waits. -#}
{% macro delete_removed_layers() -%}
    {%- set names = [] -%}
    {%- for node in (graph.nodes.values() if execute and graph else []) if node.resource_type == 'model' and node.config.materialized == 'layer' -%}{%- do names.append(node.name) -%}{%- endfor -%}
    {%- if names -%}
    delete from {{ this }} where layer <> all(array['{{ names | join("', '") }}'])
    {%- endif -%}
{%- endmacro %}
