{#-
    SQL of the records that affect a layer in this increment, as rows of base: those of an entity
    whose verdicts it has not processed yet, the other versions of their keys, one of which may now
    be the good one, and the before images of records that an evaluation read differently (a
    correction, other formats). They contain every key and grain that the layer has or had from
    these records. Needs `begin_increment`.

    Args: entity; dataset: the active one where not given; '*' for all.
    Returns: SQL of a select. In before images, columns other than values and fate are NULL.
-#}
{% macro changed_records(entity, dataset=none) -%}
    {%- set of_dataset = trustgate.dataset_condition(dataset) -%}
    {{ trustgate.versions_in_increment(entity, of_dataset) }}
    union all
    select record.*
    from (
        {{ trustgate.before_images_in_increment(entity, of_dataset, 'records') | indent(8) }}
    ) as image
    cross join lateral jsonb_populate_record(
        cast(null as {{ trustgate.project_ref('base_' ~ entity).include(database=false) }}),
        image.record
    ) as record
{%- endmacro %}
