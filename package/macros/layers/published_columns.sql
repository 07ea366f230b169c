{#- Columns of a mart: those of its candidate that do not begin with an underscore, or those it names; and `_dataset`. -#}
{% macro published_columns() -%}
    {%- set layer = model.config.meta.layer -%}
    {%- set there = adapter.get_columns_in_relation(ref(layer.candidate)) | map(attribute='name') | list -%}
    {%- set named = trustgate.key_of_layer('mart') + (layer.columns or []) if layer.columns else there -%}
    {%- set columns = [] -%}
    {%- for column in named if not column.startswith('_') -%}{%- do columns.append(column) -%}{%- endfor -%}
    {{ return(columns + (['_dataset'] if '_dataset' in there else [])) }}
{%- endmacro %}
