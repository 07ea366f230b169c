{#- SQL of the totals of one entity in each layer, by batch and worker. -#}
{% macro chain_points(entity, dataset) -%}
{%- set of_dataset = trustgate.literal(dataset) -%}
{%- set candidate = trustgate.setting('candidates')[entity] -%}
select
    'control' as layer,
    '{{ entity }}' as entity,
    batch_id,
    -1 as worker_id,
    loaded_count as record_count,
    amount_total,
    row_hash
from {{ ref('trustgate', 'batch_controls') }}
where dataset = {{ of_dataset }} and entity = '{{ entity }}'
union all
select
    'control', '{{ entity }}', workers.batch_id, workers.worker_id, workers.records_written,
    null, null
from {{ trustgate.bookkeeping('batch_workers') }} as workers
inner join {{ trustgate.bookkeeping('batches') }} as batches
    on workers.batch_id = batches.batch_id
where batches.dataset = {{ of_dataset }} and batches.entity = '{{ entity }}'
union all
{#- For the control, the amount as the loader reads it; for base, as base reads it. #}
select
    'raw', '{{ entity }}', batch_id, -1, {{ trustgate._totals('amount_received') }}
from {{ trustgate.bookkeeping('layer_totals') }}
where layer = 'raw_{{ entity }}' and dataset = {{ of_dataset }}
group by batch_id
having sum(record_count) <> 0
{%- for point in [
    {'name': 'raw', 'layer': 'raw_' ~ entity, 'amount': 'amount_total'},
    {'name': 'base', 'layer': 'base_' ~ entity, 'amount': 'amount_received'},
    {'name': 'stg', 'layer': 'base_' ~ entity, 'amount': 'amount_total', 'fate': 'PROMOTED'},
    {'name': 'candidate', 'layer': candidate, 'amount': 'amount_total'},
] %}
union all
select
    '{{ point.name }}', '{{ entity }}', batch_id, worker_id, {{ trustgate._totals(point.amount) }}
from {{ trustgate.bookkeeping('layer_totals') }}
where
    layer = '{{ point.layer }}' and dataset = {{ of_dataset }} and worker_id >= 0
    {%- if point.fate %} and fate = '{{ point.fate }}'{% endif %}
group by batch_id, worker_id
having sum(record_count) <> 0
{%- endfor %}
{%- endmacro %}


{#- SQL list of sums of totals: record_count, amount_total, row_hash (see `set_hash`). -#}
{% macro _totals(amount) -%}
    sum(record_count)::bigint,
    sum({{ amount }}),
    sum(record_count) || ':' || sum(hash_high) || ':' || sum(hash_low)
{%- endmacro %}
