{#- Whether the root project has registered an entity or a reconciliation; the package is switched off where it has not. -#}
{% macro is_registered() -%}
    {{ return((trustgate.setting('entities') + trustgate.setting('reconciliations')) | length > 0) }}
{%- endmacro %}
