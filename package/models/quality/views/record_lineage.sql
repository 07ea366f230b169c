{#-
    The story of every record: what it was in each layer, since when, which row came before and after, and
    what runs and people did about it. One row per record and thing that happened. Filter by dataset,
    entity and record_key, or by record_id: both go through indexes; all of it at once does not.
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
