{#-
    SQL of the batches that raw holds; a condition may follow after `and`. It steps from batch to
    batch through raw's index instead of reading raw.
-#}
{% macro batches_of_raw(raw) -%}
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
