{#-
    SQL of the rows of a layer as alterations left or found them, before and after, with the columns
    of the layer. Grain: up to two rows for each alteration that is not restored yet.
-#}
{% macro altered_rows(layer, relation) -%}
    select altered.*
    from (
        {{ trustgate.open_alterations(layer) | indent(8) }}
    ) as alteration
    cross join lateral (values (alteration.before), (alteration.after)) as image (record)
    cross join lateral jsonb_populate_record(
        cast(null as {{ relation.include(database=false) }}), image.record
    ) as altered
    where image.record is not null
{%- endmacro %}
