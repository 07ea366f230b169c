{#- SQL of the batches that raw holds and base lacks, excluded ones left out. -#}
{% macro unchecked_batches(entity, base=none) -%}
{{ trustgate.batches_of_raw(trustgate.project_ref('raw_' ~ entity)) }}
    {%- set base = base or trustgate.project_ref('base_' ~ entity) %}
    and not ({{ trustgate.holds_batch(base, 'raw_batches._batch_id') | indent(4) }})
    and raw_batches._batch_id not in (
        {{ trustgate.excluded_batches(entity) }}
    )
{%- endmacro %}
