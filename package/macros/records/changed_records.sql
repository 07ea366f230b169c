{#-
    SQL of the records, as rows of base, that a layer must look at again: those of an entity whose verdicts it has
    not yet taken in, the other versions of their keys, one of which may stand instead of them, and what records
    were before an evaluation read them otherwise (a correction, other formats). A key or grain that the layer has
    from a record, or had, is among theirs. Needs `begin_increment`.

    Args: entity; dataset: the active one where not given; '*' for all.
    Returns: SQL of a select. Of a record as it was, columns that say nothing of its values or fate are NULL.
-#}
{% macro changed_records(entity, dataset=none) -%}
    {%- set of_dataset = trustgate._condition_of_dataset(dataset) -%}
    {{ trustgate._versions_in_increment(entity, of_dataset) }}
    union all
    select record.*
    from (
        {{ trustgate.before_images_in_increment(entity, of_dataset, 'records') | indent(8) }}
    ) as image
    cross join lateral jsonb_populate_record(cast(null as {{ trustgate.project_ref('base_' ~ entity).include(database=false) }}), image.record) as record
{%- endmacro %}
