{#- SQL condition on the dataset, with `and` before it; empty for all datasets. -#}
{% macro dataset_condition(dataset) -%}
    {%- if dataset != '*' %}
    and _dataset = {{ trustgate.literal(dataset or trustgate.active_dataset()) }}
    {%- endif -%}
{%- endmacro %}
