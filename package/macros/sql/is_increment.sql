{#-
    Whether the layer being compiled exists and is adjusted, not built: false while dbt parses, in a
    full refresh, and for models of other materializations. Unit tests override it.
-#}
{% macro is_increment() -%}
    {%- if not execute or model.config.materialized != 'layer' -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set relation = load_cached_relation(this) -%}
    {{ return(relation is not none and relation.type == 'table' and not should_full_refresh()) }}
{%- endmacro %}
