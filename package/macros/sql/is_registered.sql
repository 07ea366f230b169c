{#-
    Whether the root project has registered an entity or a reconciliation; if not, the models of the
    package are disabled.
-#}
{% macro is_registered() -%}
    {%- set registered = trustgate.setting('entities') + trustgate.setting('reconciliations') -%}
    {{ return(registered | length > 0) }}
{%- endmacro %}
