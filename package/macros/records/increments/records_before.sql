{#-
    SQL of the records of changed keys as base held them when the increment began: before images of
    those that changed since, and nothing of batches that are new. Args as in `changed_records`.
-#}
{% macro records_before(entity, dataset=none) -%}
    {%- set of_dataset = trustgate.dataset_condition(dataset) -%}
    {%- set new_batches -%}
        array({{ trustgate.before_images_in_increment(entity, of_dataset, 'batches') }})
    {%- endset -%}
    {%- set images = trustgate.before_images_in_increment(entity, of_dataset, 'records') -%}
    {#-
        The planner may expect one row of what just changed, and both sides did. It never makes a
        full join by a nested loop over both; `offset 0` keeps it full, where a condition from
        outside would make it a left join.
    #}
    (
        select unchanged.*
        from (
            select *
            from (
                {{ trustgate.versions_in_increment(entity, of_dataset) | indent(16) }}
            ) as version
            where _batch_id <> all({{ new_batches }})
        ) as unchanged
        full outer join (
            {{ images | indent(12) }}
        ) as image on unchanged._record_id = image._record_id
        where image._record_id is null
        offset 0
    )
    union all
    select record.*
    from (
        {{ images | indent(8) }}
    ) as image
    cross join lateral jsonb_populate_record(
        cast(null as {{ trustgate.project_ref('base_' ~ entity).include(database=false) }}),
        image.record
    ) as record
    where image._batch_id <> all({{ new_batches }})
{%- endmacro %}
