{#-
    What the base model being compiled declares in its YAML under `config: meta:` (entity, key, version,
    gate, joins, rules). A unit test, which sees no YAML, overrides this macro with the same mapping.
-#}
{% macro entity_meta() -%}
    {{ return(model.config.meta) }}
{%- endmacro %}
