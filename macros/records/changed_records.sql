{#-
    SQL of the records, as rows of base, that a layer must look at again: those of an entity whose verdicts it has
    not yet taken in, the other versions of their keys, one of which may stand instead of them, and what records
    were before an evaluation read them otherwise (a correction, other formats). A key or grain that the layer has
    from a record, or had, is among theirs. Needs `open_window`.

    Args: entity; dataset: the active one where not given; '*' for all.
    Returns: SQL of a select. Of a record as it was, columns that say nothing of its values or fate are NULL.
-#}
{% macro changed_records(entity, dataset=none) -%}
    {%- set of_dataset = trustgate._condition_of_dataset(dataset) -%}
    {{ trustgate._versions_in_window(entity, of_dataset) }}
    union all
    select record.*
    from (
        {{ trustgate._former_in_window(entity, of_dataset, 'records') | indent(8) }}
    ) as former
    cross join lateral jsonb_populate_record(null::{{ ref('base_' ~ entity) }}, former.record) as record
{%- endmacro %}


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
        and _record_id not in (select _record_id from ({{ former | indent(8) }}) as former)
    union all
    select record.*
    from (
        {{ former | indent(8) }}
    ) as former
    cross join lateral jsonb_populate_record(null::{{ ref('base_' ~ entity) }}, former.record) as record
    where former._batch_id <> all({{ new_batches }})
{%- endmacro %}


{#- SQL of the rows of base whose verdicts are in the window, and of the other versions of their keys. -#}
{% macro _versions_in_window(entity, of_dataset) -%}
    {%- set base = ref('base_' ~ entity) -%}
    select *
    from {{ base }}
    where {{ trustgate.in_window(entity) }}{{ of_dataset }}
    union all
    {#- A key with other versions has none that is both the first and the latest. #}
    select *
    from {{ base }}
    where not ({{ trustgate.in_window(entity) }}){{ of_dataset }} and (_record_key, _dataset) in (
        select _record_key, _dataset
        from {{ base }}
        where {{ trustgate.in_window(entity) }}{{ of_dataset }} and not (_is_latest and _version_number = 1)
    )
{%- endmacro %}


{#- SQL condition, to be added to others: of the dataset; empty for all. -#}
{% macro _condition_of_dataset(dataset) -%}
    {%- if dataset != '*' %} and _dataset = {{ trustgate.literal(dataset or trustgate.active_dataset()) }}{% endif -%}
{%- endmacro %}
