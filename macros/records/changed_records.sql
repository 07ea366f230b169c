{#-
    SQL of an entity's records whose verdicts this layer has not yet taken in, as rows of base: as they are and,
    where an evaluation read them otherwise than the one before (a correction, other formats), as they were. For
    the keys and grains that a layer must look at again. Needs `open_window`.

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
    select record.*
    from (
        select typed_values
        from {{ ref('former_values') }}
        where entity = '{{ entity }}' and {{ trustgate.in_window(entity) }}{{ of_dataset }}
    ) as former
    cross join lateral jsonb_populate_record(null::{{ base }}, former.typed_values) as record
{%- endmacro %}
