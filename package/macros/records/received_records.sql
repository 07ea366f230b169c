{#-
    SQL of raw: the records of every batch that raw does not hold yet, as received, with provenance.

    Args:
        entity: name of the entity; loads are read from `landing_<entity>`, the bundled seeds from
            `<dataset>_<entity>` where that dataset is active.
        columns: the entity's columns as received, all text, in the order of landing: a record's checksum,
            which the loader counts as well, is made of them in that order.
    A batch is taken whole or not at all, one that is held too: base leaves it alone. A seed is one batch,
    named after its content.
    Raises: a compiler error where landing has other columns, or in another order, or a name is taken.
-#}
{% macro received_records(entity, columns) -%}
{%- set dataset = trustgate.active_dataset() -%}
{%- set landing = trustgate.declared_node('landing_' ~ entity) -%}
{%- set keeps_extra = landing and '_extra' in landing.columns -%}
{#- Here already: a column called user would be read as the name of who asks, and raw is never updated. #}
{%- for column in columns if execute -%}
    {%- do trustgate.validate_value('model ' ~ model.name, 'column', column, 'name') -%}
{%- endfor -%}
{%- if landing and trustgate.landing_columns(entity) != columns -%}
    {{ exceptions.raise_compiler_error(
        model.name ~ ": its columns are " ~ columns | join(', ') ~ ", those of landing_" ~ entity ~ " are "
        ~ trustgate.landing_columns(entity) | join(', ') ~ ": both must be the same, in the order of the file"
    ) }}
{%- endif -%}
with

loads as (
    select
        batches.batch_id,
        batches.dataset,
        batches.source_file,
        batches.loaded_at
    from {{ trustgate.bookkeeping('batches') }} as batches
    where batches.entity = '{{ entity }}' and batches.status in ('LOADED', 'HELD', 'RELEASED', 'REJECTED')
    {%- if is_incremental() %}
        and not ({{ trustgate.holds_batch(this, 'batches.batch_id') }})
    {%- endif %}
),
{% if dataset in trustgate.setting('bundled_datasets') %}
seed as (
    {{ trustgate.seed_batch(entity, columns) }}
),
{% endif %}
arrived as (
    select
        loads.dataset as _dataset,
        landing._batch_id,
        landing._row_number,
        loads.source_file as _source_file,
        landing._worker_id,
        loads.loaded_at as _loaded_at,
        landing.{{ columns | join(',\n        landing.') }}
        {%- if keeps_extra %},
        landing._extra
        {%- endif %}
    from loads
    inner join {{ trustgate.project_ref('landing_' ~ entity) }} as landing on loads.batch_id = landing._batch_id
    {%- if dataset in trustgate.setting('bundled_datasets') %}
    union all
    select
        '{{ dataset }}' as _dataset,
        seed.batch_id as _batch_id,
        rows._row_number,
        '{{ dataset }}_{{ entity }}.csv' as _source_file,
        0 as _worker_id,
        now() as _loaded_at,
        rows.{{ columns | join(',\n        rows.') }}
        {%- if keeps_extra %},
        null::jsonb as _extra
        {%- endif %}
    from seed
    cross join (
        select *, row_number() over (order by ctid) as _row_number from {{ trustgate.project_ref(dataset ~ '_' ~ entity) }}
    ) as rows
    {%- if is_incremental() %}
    where not ({{ trustgate.holds_batch(this, 'seed.batch_id') }})
    {%- endif %}
    {%- endif %}
),

final as (
    select
        {#- Half hash of the batch, half row number: stable, and in the order of the file. #}
        (left(md5(_batch_id), 16) || lpad(to_hex(_row_number), 16, '0'))::uuid as _record_id,
        _dataset,
        _batch_id,
        _row_number,
        _source_file,
        _worker_id,
        {{ trustgate.row_checksum(columns) }} as _checksum,
        _loaded_at,
        {{ columns | join(',\n        ') }}
        {%- if keeps_extra %},
        _extra
        {%- endif %}
    from arrived
)

select * from final
{%- endmacro %}
