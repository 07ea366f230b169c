{#- SQL of the batches that raw holds and base lacks, excluded ones left out. -#}
{% macro unchecked_batches(entity, base=none) -%}
{{ trustgate._batches_of(trustgate.project_ref('raw_' ~ entity)) }}
    {%- set base = base or trustgate.project_ref('base_' ~ entity) %}
    and not ({{ trustgate.holds_batch(base, 'raw_batches._batch_id') | indent(4) }})
    and raw_batches._batch_id not in (
        {{ trustgate.excluded_batches(entity) }}
    )
{%- endmacro %}


{#-
    SQL of the batches that raw holds; a condition may follow after `and`. It steps from batch to
    batch through raw's index instead of reading raw.
-#}
{% macro _batches_of(raw) -%}
with recursive raw_batches as (
    (select min(_batch_id) as _batch_id from {{ raw }})
    union all
    select (
        select min(raw._batch_id) from {{ raw }} as raw where raw._batch_id > raw_batches._batch_id
    )
    from raw_batches
    where raw_batches._batch_id is not null
)

select raw_batches._batch_id
from raw_batches
where
    raw_batches._batch_id is not null
{%- endmacro %}
