{#-
    Columns of an entity and the types they are read as, in the order of its files, as the YAML of
    its base model declares them; none while dbt parses. Unit tests see no YAML and override it.
-#}
{% macro declared_columns(entity) -%}
    {{ return(trustgate.typed_columns('base_' ~ entity)) }}
{%- endmacro %}
