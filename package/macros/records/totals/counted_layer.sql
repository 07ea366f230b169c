{#-
    How `count_layers` and `adjust_totals` count a model's records: name, entity, kind, amount, its
    type and format; none for a model that is not counted.
-#}
{% macro counted_layer(name) -%}
    {%- set found, kinds = [], ('raw', 'base', 'candidate') -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- for kind in kinds if trustgate.model_of_layer(kind, entity) == name -%}
            {%- set amount = trustgate.meta_of('base_' ~ entity).get('amount') -%}
            {%- do found.append({
                'name': name, 'entity': entity, 'kind': kind, 'amount': amount,
                'amount_type': trustgate.type_of_column('base_' ~ entity, amount, 'numeric'),
                'amount_format': trustgate.format_of(entity, amount),
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found[0] if found else none) }}
{%- endmacro %}
