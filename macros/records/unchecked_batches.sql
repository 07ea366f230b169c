{#-
    SQL of the batches that raw holds and base lacks; those kept back are none of them. Steps from batch to batch through raw's index
    instead of reading raw.
-#}
{% macro unchecked_batches(entity, base=none) -%}
{%- set raw = ref('raw_' ~ entity) -%}
with recursive raw_batches as (
    (select min(_batch_id) as _batch_id from {{ raw }})
    union all
    select (select min(raw._batch_id) from {{ raw }} as raw where raw._batch_id > raw_batches._batch_id)
    from raw_batches
    where raw_batches._batch_id is not null
)

select raw_batches._batch_id
from raw_batches
where
    raw_batches._batch_id is not null
    and not exists (
        select 1 from {{ base or ref('base_' ~ entity) }} as known where known._batch_id = raw_batches._batch_id
    )
    and raw_batches._batch_id not in (
        {{ trustgate.kept_back_batches(entity) }}
    )
{%- endmacro %}
