{#-
    Lineage of every record: its row in each layer, since when, the rows before and after it, and
    what runs and users did. One row per record and event. Filter by dataset, entity and record_key,
    or by record_id, which are indexed.
-#}
{{ trustgate.quality_view() }}

with

{% for entity in trustgate.setting('entities') -%}
{{ entity }} as (
    {{ trustgate.lineage_of_entity(entity) | indent(4) }}
),
{% endfor %}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
