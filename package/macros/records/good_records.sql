{#-
    SQL of stg: the latest good version of each key, from base; when incremental, of the keys whose
    verdicts changed, and for a key without any good version a row of its key alone.

    Args:
        entity: name of the entity.
        columns: the entity's typed columns.
    Good is a verdict other than FAILED. Where the latest version failed, the newest good one before it
    stands.
-#}
{% macro good_records(entity, columns) -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
{#- What `converge` needs is known to dbt while it parses. #}
{%- if not execute -%}{%- do [trustgate.bookkeeping('layer_totals'), trustgate.bookkeeping('rule_totals'), trustgate.bookkeeping('former_records')] -%}{%- endif -%}
with

good as (
    select *
    from {{ base }} as version
    where {{ trustgate.is_promotable('version', base) }}
),
{% if is_incremental() %}
touched as (
    select
        _dataset,
        _record_key
    from (
        {{ trustgate.changed_records(entity, '*') | indent(8) }}
    ) as changed
    union
    select
        _dataset,
        _record_key
    from {{ this }}
    where {{ trustgate.is_reset([entity]) }}
),
{% endif %}
final as (
    select
        {{ 'touched' if is_incremental() else 'good' }}._dataset,
        {{ 'touched' if is_incremental() else 'good' }}._record_key,
        good._record_id,
        good._batch_id,
        good._worker_id,
        good._checksum,
        good._loaded_at,
        good._version_number,
        good.{{ columns | join(',\n        good.') }},
        good._dq_status as dq_status,
        good._dq_score as dq_score,
        now() as _checked_at
    {%- if is_incremental() %}
    from touched
    left join good on touched._record_key = good._record_key and touched._dataset = good._dataset
    {%- else %}
    from good
    {%- endif %}
)

select * from final
{%- endmacro %}
