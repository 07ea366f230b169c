{#-
    SQL select list: what one row, aliased `layer`, adds to the totals. In base,
    `layer._good_version` is the greatest version of its key that did not fail (for a latest
    version, its own if it did not fail).

    Args: counted: see `counted_layer`; checksum: SQL of the row's checksum.
-#}
{% macro counted_columns(counted, checksum='layer._checksum') -%}
{%- set is_base, amount = counted.kind == 'base', counted.amount -%}
layer._dataset as dataset,
layer._batch_id as batch_id,
coalesce(layer._worker_id, -1) as worker_id,
{{ 'layer._loaded_at' if counted.kind in ('raw', 'base') else 'null::timestamptz' }} as loaded_at,
{{ 'layer._is_latest' if is_base else 'null::boolean' }} as is_latest,
{{ 'layer._dq_status' if is_base else 'null::text' }} as dq_status,
{% if is_base -%}
case
    when layer._is_duplicate then 'DUPLICATE'
    when layer._good_version = layer._version_number then 'PROMOTED'
    when layer._good_version > layer._version_number then 'SUPERSEDED'
    else 'QUARANTINED'
end as fate,
{%- else -%}
{{ 'null::text' if counted.kind == 'raw' else "'PROMOTED'::text" }} as fate,
{%- endif %}
1 as record_count,
{% if not amount -%}
null::numeric as amount_total,
null::numeric as amount_received,
{%- elif counted.kind == 'raw' -%}
{%- set text, format = 'layer.' ~ amount, counted.amount_format -%}
coalesce({{ trustgate.parse(text, counted.amount_type, format) }}::numeric, 0) as amount_total,
coalesce({{ trustgate.parse(text, 'numeric', format) }}, 0) as amount_received,
{%- else -%}
coalesce(layer.{{ amount }}::numeric, 0) as amount_total,
{{ 'coalesce(' ~ trustgate._amount_before_correction(counted) ~ '::numeric, 0)' if is_base
    else 'null::numeric' }} as amount_received,
{%- endif %}
('x' || left({{ checksum }}, 16))::bit(64)::bigint as hash_high,
('x' || right({{ checksum }}, 16))::bit(64)::bigint as hash_low
{%- endmacro %}


{#- SQL of the amount of a record of base as it was received. -#}
{% macro _amount_before_correction(counted) -%}
    case when layer._corrections ? '{{ counted.amount }}' then (
        {%- set text = 'received.' ~ counted.amount %}
        select {{ trustgate.parse(text, counted.amount_type, counted.amount_format) }}
        from {{ trustgate.project_ref('raw_' ~ counted.entity) }} as received
        where received._record_id = layer._record_id
    ) else layer.{{ counted.amount }} end
{%- endmacro %}
