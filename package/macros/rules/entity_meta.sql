{#-
    What the base model being compiled declares in its YAML under `config: meta:`, see `entity` in
    `specifications`. A unit test, which sees no YAML, overrides this macro with the same mapping.
-#}
{% macro entity_meta() -%}
    {{ return(model.config.meta) }}
{%- endmacro %}
