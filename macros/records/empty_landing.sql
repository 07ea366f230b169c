{#- Post-hook of raw: landing gives up the batches that raw holds, in the transaction that took them. -#}
{% macro empty_landing(entity) -%}
    delete from {{ ref('landing_' ~ entity) }} as landing
    using (
        select batches.batch_id
        from {{ ref('batches') }} as batches
        where
            batches.entity = '{{ entity }}'
            and exists (select 1 from {{ ref('landing_' ~ entity) }} as waiting where waiting._batch_id = batches.batch_id)
            and exists (select 1 from {{ this }} as taken where taken._batch_id = batches.batch_id)
    ) as taken
    where landing._batch_id = taken.batch_id
{%- endmacro %}
