{#- Refs the models that the hooks of a reconciliation use, so that dbt orders them before it. -#}
{% macro reconciliation_needs(source, target) -%}
    {%- for name in ['layer_progress', 'layer_totals', 'rule_totals'] -%}{%- do ref(name) -%}{%- endfor -%}
    {%- for side in (source, target) -%}
        {%- do ref(side.relation) -%}
        {%- if side.get('entity') -%}{%- for name in ['former_records', 'raw_' ~ side.entity, 'base_' ~ side.entity] -%}{%- do ref(name) -%}{%- endfor -%}{%- endif -%}
    {%- endfor -%}
{%- endmacro %}
