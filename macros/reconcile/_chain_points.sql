{#- SQL of the figures of one entity in every layer, by batch and worker. -#}
{% macro _chain_points(entity, dataset, is_partial) -%}
{%- set amount = trustgate.meta_of('landing_' ~ entity).get('amount') -%}
{%- set type = trustgate.type_of_column('base_' ~ entity, amount, 'numeric') -%}
{%- set format = trustgate.format_of(entity, amount) -%}
{%- set base, stg = ref('base_' ~ entity), ref('stg_' ~ entity) -%}
{%- set of_dataset -%}_dataset = {{ trustgate.literal(dataset) }} and {{ trustgate.is_touched_batch(entity, 'layer._batch_id', is_partial) }}{%- endset -%}
select
    'control' as layer, '{{ entity }}' as entity, batch_id, -1 as worker_id, loaded_count as record_count, amount_total, row_hash
from {{ ref('batch_controls') }}
where dataset = {{ trustgate.literal(dataset) }} and entity = '{{ entity }}' and {{ trustgate.is_touched_batch(entity, 'batch_id', is_partial) }}
union all
select 'control', '{{ entity }}', workers.batch_id, workers.worker_id, workers.records_written, null, null
from {{ ref('batch_workers') }} as workers
inner join {{ ref('batches') }} as batches on workers.batch_id = batches.batch_id
where batches.dataset = {{ trustgate.literal(dataset) }} and batches.entity = '{{ entity }}'
    and {{ trustgate.is_touched_batch(entity, 'workers.batch_id', is_partial) }}
union all
{#- Against the control the amount is read as the loader read it, against base as base reads it. #}
select
    'raw', '{{ entity }}', _batch_id, coalesce(_worker_id, -1), count(*),
    {{ 'case when grouping(_worker_id) = 1 then sum(' ~ trustgate.parse(amount, 'numeric', format) ~ ') else sum(' ~ trustgate.parse(amount, type, format) ~ ') end' if amount else 'null' }},
    {{ trustgate.set_hash(trustgate.row_checksum(trustgate.landing_columns(entity)) if trustgate._is_deep() else '_checksum') }}
from {{ ref('raw_' ~ entity) }} as layer
where {{ of_dataset }}
group by grouping sets ((_batch_id), (_batch_id, _worker_id))
union all
select 'base', '{{ entity }}', _batch_id, _worker_id, count(*), {{ 'sum(' ~ trustgate._amount_received(entity, amount, type) ~ ')' if amount else 'null' }}, {{ trustgate.set_hash('_checksum') }}
from {{ base }} as layer
where {{ of_dataset }}
group by _batch_id, _worker_id
union all
select 'promotable', '{{ entity }}', _batch_id, _worker_id, count(*), {{ 'sum(' ~ amount ~ ')' if amount else 'null' }}, {{ trustgate.set_hash('_checksum') }}
from {{ base }} as layer
where {{ of_dataset }} and {{ trustgate.is_promotable('layer', base) }}
group by _batch_id, _worker_id
{%- for name, relation in {'stg': stg, 'candidate': ref(var('candidates')[entity])}.items() %}
union all
select '{{ name }}', '{{ entity }}', _batch_id, _worker_id, count(*), {{ 'sum(' ~ amount ~ ')' if amount else 'null' }}, {{ trustgate.set_hash('_checksum') }}
from {{ relation }} as layer
where {{ of_dataset }}
group by _batch_id, _worker_id
{%- endfor %}
{%- endmacro %}


{#- SQL of the amount of a record of base as it was received, before any correction. -#}
{% macro _amount_received(entity, amount, type) -%}
    case when layer._corrections ? '{{ amount }}' then (
        select {{ trustgate.parse('received.' ~ amount, type, trustgate.format_of(entity, amount)) }} from {{ ref('raw_' ~ entity) }} as received where received._record_id = layer._record_id
    ) else layer.{{ amount }} end
{%- endmacro %}
