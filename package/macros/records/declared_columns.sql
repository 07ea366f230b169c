{#-
    Columns of an entity and the types they are read as, in the order of its files, as the YAML of
    its base model declares them; none while dbt parses. A unit test, which sees no YAML, overrides
    it.
-#}
{% macro declared_columns(entity) -%}
    {{ return(trustgate.typed_columns('base_' ~ entity)) }}
{%- endmacro %}
