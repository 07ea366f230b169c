{#-
    SQL of the records, as rows of base, that a layer must look at again: those of an entity whose verdicts it has
    not yet taken in, the other versions of their keys, one of which may stand instead of them, and what records
    were before an evaluation read them otherwise (a correction, other formats). A key or grain that the layer has
    from a record, or had, is among theirs. Needs `open_window`.

    Args: entity; dataset: the active one where not given; '*' for all.
    Returns: SQL of a select. Of a record as it was, the columns of the verdict are NULL.
-#}
{% macro changed_records(entity, dataset=none) -%}
    {%- set base = ref('base_' ~ entity) -%}
    {%- set of_dataset -%}
        {%- if dataset != '*' %} and _dataset = {{ trustgate.literal(dataset or trustgate.active_dataset()) }}{% endif -%}
    {%- endset -%}
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
    union all
    select record.*
    from (
        select typed_values
        from {{ ref('former_values') }}
        where entity = '{{ entity }}' and {{ trustgate.in_window(entity) }}{{ of_dataset }}
    ) as former
    cross join lateral jsonb_populate_record(null::{{ base }}, former.typed_values) as record
{%- endmacro %}
