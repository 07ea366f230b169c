{#- `config: meta:` of a model by its name, from dbt's graph; an empty mapping while dbt parses. -#}
{% macro meta_of(name) -%}
    {%- set node = trustgate.declared_node(name) -%}
    {{ return(node.config.meta if node else {}) }}
{%- endmacro %}
