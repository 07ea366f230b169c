{#-
    Configures a view of the quality schema, which is replaced in place; disabled in a project that
    has registered no entity and no reconciliation.
-#}
{% macro quality_view() -%}
    {{ config(materialized='stable_view', schema='quality', enabled=trustgate.is_registered()) }}
{%- endmacro %}
