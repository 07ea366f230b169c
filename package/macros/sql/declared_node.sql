{#- A model as declared, by its name, from dbt's graph; none while dbt parses. -#}
{% macro declared_node(name) -%}
    {%- if execute and graph -%}
        {%- for node in graph.nodes.values() if node.name == name -%}
            {%- if node.resource_type == 'model' -%}{{ return(node) }}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}
