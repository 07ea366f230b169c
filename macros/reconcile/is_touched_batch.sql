{#-
    SQL condition: the batch is of the active dataset and, when the reconciliation only follows what
    changed, has a record whose verdict changed or is kept back, so that no record of it has a verdict.

    Args: entity; batch: SQL of the batch id; is_partial.
-#}
{% macro is_touched_batch(entity, batch, is_partial) -%}
    {%- if is_partial -%}
    {#- An array, made once: a join could become a loop over all that changed. #}
    {{ batch }} = any(array(
        select distinct _batch_id from {{ ref('base_' ~ entity) }}
        where _dataset = {{ trustgate.literal(trustgate.active_dataset()) }} and {{ trustgate.in_window(entity) }}
        union all
        {{ trustgate.kept_back_batches(entity) }}
    ))
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
