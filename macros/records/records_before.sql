{#-
    SQL of the records of changed keys as base held them when the window begins: what changed since as it was, and
    nothing of batches that were not there. Args as of `changed_records`.
-#}
{% macro records_before(entity, dataset=none) -%}
    {%- set of_dataset = trustgate._condition_of_dataset(dataset) -%}
    {%- set new_batches -%}
        array({{ trustgate._former_in_window(entity, of_dataset, 'batches') }})
    {%- endset -%}
    {%- set former = trustgate._former_in_window(entity, of_dataset, 'records') -%}
    select *
    from (
        {{ trustgate._versions_in_window(entity, of_dataset) | indent(8) }}
    ) as unchanged
    where
        _batch_id <> all({{ new_batches }})
        {#- Not by `not in`, which is a loop over both where the planner expects too many to hash. #}
        and not exists (select 1 from ({{ former | indent(8) }}) as former where former._record_id = unchanged._record_id)
    union all
    select record.*
    from (
        {{ former | indent(8) }}
    ) as former
    cross join lateral jsonb_populate_record(cast(null as {{ ref('base_' ~ entity).include(database=false) }}), former.record) as record
    where former._batch_id <> all({{ new_batches }})
{%- endmacro %}
