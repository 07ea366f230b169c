{#- Refs the models that the hooks of a reconciliation use, so that dbt orders them before it. -#}
{% macro reconciliation_needs(source, target) -%}
    {%- for name in ['layer_progress', 'layer_totals', 'rule_totals'] -%}{%- do trustgate.bookkeeping(name) -%}{%- endfor -%}
    {%- for side in (source, target) -%}
        {%- do trustgate.project_ref(side.relation) -%}
        {%- if side.get('entity') -%}{%- do trustgate.bookkeeping('former_records') -%}{%- for name in ['raw_' ~ side.entity, 'base_' ~ side.entity] -%}{%- do trustgate.project_ref(name) -%}{%- endfor -%}{%- endif -%}
    {%- endfor -%}
{%- endmacro %}
