{#-
    The stages of every record, in order: what it was in each layer, since when, and which row came before
    and after. One row per record and stage it reached. Filter by entity and record_key.
-#}
{{ config(materialized='stable_view') }}

with

{% for entity in var('entities') -%}
{{ entity }} as (
    {{ trustgate.lineage_of_entity(entity) | indent(4) }}
),
{% endfor %}
final as (
    {%- for entity in var('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
