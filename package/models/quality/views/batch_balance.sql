{#-
    Records sent of every batch, and their fates. One row per batch; `difference` is 0 where all are
    accounted for.
-#}
{{ trustgate.quality_view() }}

with

batches as (
    {%- for entity in trustgate.setting('entities') %}
    {{ trustgate.fates_by_batch(entity) | indent(4) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        *,
        rejected + pending + duplicate + superseded + quarantined + promoted - sent as difference
    from batches
)

select * from final
