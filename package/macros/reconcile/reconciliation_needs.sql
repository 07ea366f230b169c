{#- Refs what a reconciliation compares, and the verdicts of the entities it follows, so that dbt orders them before it. -#}
{% macro reconciliation_needs(source, target) -%}
    {%- for side in (source, target) -%}
        {%- do trustgate.project_ref(side.relation) -%}
        {%- if side.get('entity') -%}{%- for name in ['raw_' ~ side.entity, 'base_' ~ side.entity] -%}{%- do trustgate.project_ref(name) -%}{%- endfor -%}{%- endif -%}
    {%- endfor -%}
{%- endmacro %}
