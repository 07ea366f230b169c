{#-
    Layer whose totals give a side's number of rows: for records of raw, base with the verdicts.
    None where no totals give it, because a side is not all that `records` names.
-#}
{% macro layer_counted(side) -%}
    {%- set is_of_base = trustgate.verdict_alias(side) == 'verdict'
        or side.relation == 'stg_' ~ side.get('entity') -%}
    {%- set layer = 'base_' ~ side.entity if is_of_base else side.relation -%}
    {%- set is_counted = side.get('entity') is not none and not side.get('where')
        and side.get('aggregate') is none and trustgate.counted_layer(layer) is not none -%}
    {{ return(layer if is_counted else none) }}
{%- endmacro %}
