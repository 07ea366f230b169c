{#-
    Columns of a mart: those it names, or those of its candidate that do not begin with an
    underscore; and `_dataset`.
-#}
{% macro published_columns() -%}
    {%- set layer = model.config.meta.layer -%}
    {%- set of_candidate = adapter.get_columns_in_relation(ref(layer.candidate))
        | map(attribute='name') | list -%}
    {%- set named = trustgate.key_of_layer('mart') + layer.columns if layer.columns
        else of_candidate -%}
    {%- set columns = [] -%}
    {%- for column in named if not column.startswith('_') -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {{ return(columns + (['_dataset'] if '_dataset' in of_candidate else [])) }}
{%- endmacro %}
