{#-
    SQL of the batches that raw holds and base lacks; those kept back are none of them.
-#}
{% macro unchecked_batches(entity, base=none) -%}
{{ trustgate._batches_of(trustgate.project_ref('raw_' ~ entity)) }}
    and not ({{ trustgate.holds_batch(base or trustgate.project_ref('base_' ~ entity), 'raw_batches._batch_id') }})
    and raw_batches._batch_id not in (
        {{ trustgate.excluded_batches(entity) }}
    )
{%- endmacro %}


{#- SQL of the batches that raw holds, to be narrowed down by `and`. Steps from batch to batch through raw's index instead of reading raw. -#}
{% macro _batches_of(raw) -%}
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
{%- endmacro %}
