{#-
    Refs what a reconciliation compares, and raw and base of the entities it follows, so that dbt
    builds them before it.
-#}
{% macro reconciliation_needs(source, target) -%}
    {%- for side in (source, target) -%}
        {%- do trustgate.project_ref(side.relation) -%}
        {%- if side.get('entity') -%}
            {%- do trustgate.project_ref('raw_' ~ side.entity) -%}
            {%- do trustgate.project_ref('base_' ~ side.entity) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
