{#-
    Model `raw_<entity>`: every record ever received, as received, with its provenance. It is
    evidence: rows are added, never updated or deleted. Raw takes every batch that it does not hold
    yet, whole or not at all. It also takes batches on hold, which base then excludes. The bundled
    seed of the active dataset, where the entity has one, is a batch named after its content.

    A record's checksum, which the loader computes too, covers its columns in the declared order.
-#}
{% macro raw() -%}
    {%- set entity = trustgate.entity_of_model('raw') -%}
    {{ config(
        materialized='layer',
        schema='raw',
        alias=entity,
        full_refresh=false,
        sql_header=trustgate.parallel_plan(),
        meta={'layer': {'kind': 'raw', 'entities': [entity]}},
    ) }}
    {%- set seeds = {} -%}
    {%- for dataset, seed in trustgate.bundled_seeds(entity).items() -%}
        {%- do seeds.update({dataset: ref(seed)}) -%}
    {%- endfor -%}
    {%- set seed = seeds.get(trustgate.active_dataset()) -%}
    {{ trustgate._received_records(entity, ref('landing_' ~ entity), seed) }}
{%- endmacro %}


{#- SQL of the records of batches that raw lacks: loads and, if there is one, the active seed. -#}
{% macro _received_records(entity, landing, seed) -%}
{%- set columns = trustgate.declared_columns(entity) | list -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
{%- set keeps_unknown = trustgate.keeps_unknown_columns(entity) -%}
{#-
    Validated here already, because raw is never updated: PostgreSQL would read a column called user
    as the name of the session's user.
#}
{%- for column in columns if execute -%}
    {%- do trustgate.validate_value('model ' ~ model.name, 'column', column, 'name') -%}
{%- endfor -%}
with

loads as (
    select
        batches.batch_id,
        batches.dataset,
        batches.source_file,
        batches.loaded_at
    from {{ trustgate.bookkeeping('batches') }} as batches
    where
        batches.entity = '{{ entity }}'
        and batches.status in ('LOADED', 'HELD', 'RELEASED', 'REJECTED')
    {%- if trustgate.is_increment() %}
        and not ({{ trustgate.holds_batch(this, 'batches.batch_id') }})
    {%- endif %}
),
{% if seed %}
seed as (
    {{ trustgate.seed_batch(entity, seed) | indent(4) }}
),
{% endif %}
arrived as (
    select
        loads.dataset as _dataset,
        landing._batch_id,
        landing._row_number,
        loads.source_file as _source_file,
        landing._worker_id,
        loads.loaded_at as _loaded_at
        {%- for column in columns %},
        landing.{{ column }}
        {%- endfor %}
        {%- if keeps_unknown %},
        landing._extra
        {%- endif %}
    from loads
    inner join {{ landing }} as landing on loads.batch_id = landing._batch_id
    {%- if seed %}
    union all
    select
        {{ dataset }} as _dataset,
        seed.batch_id as _batch_id,
        records._row_number,
        {{ dataset }} || '_{{ entity }}.csv' as _source_file,
        0 as _worker_id,
        now() as _loaded_at
        {%- for column in columns %},
        records.{{ column }}
        {%- endfor %}
        {%- if keeps_unknown %},
        null::jsonb as _extra
        {%- endif %}
    from seed
    cross join (
        select *, row_number() over (order by ctid) as _row_number from {{ seed }}
    ) as records
    {%- if trustgate.is_increment() %}
    where not ({{ trustgate.holds_batch(this, 'seed.batch_id') }})
    {%- endif %}
    {%- endif %}
),

final as (
    select
        {#- Half a hash of the batch, half the row number: stable, and in the order of the file. #}
        (left(md5(_batch_id), 16) || lpad(to_hex(_row_number), 16, '0'))::uuid as _record_id,
        _dataset,
        _batch_id,
        _row_number,
        _source_file,
        _worker_id,
        {{ trustgate.row_checksum(columns) }} as _checksum,
        _loaded_at
        {%- for column in columns %},
        {{ column }}
        {%- endfor %}
        {%- if keeps_unknown %},
        _extra
        {%- endif %}
    from arrived
)

select * from final
{%- endmacro %}
