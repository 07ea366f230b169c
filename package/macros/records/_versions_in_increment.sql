{#- SQL of the rows of base whose verdicts are in the increment, and of the other versions of their keys. -#}
{% macro _versions_in_increment(entity, of_dataset) -%}
    {%- set base = trustgate.project_ref('base_' ~ entity) -%}
    select *
    from {{ base }}
    where {{ trustgate.in_increment(entity) }}{{ of_dataset }}
    union all
    {#- A key with other versions has none that is both the first and the latest. #}
    select *
    from {{ base }}
    where not ({{ trustgate.in_increment(entity) }}){{ of_dataset }} and (_record_key, _dataset) in (
        select _record_key, _dataset
        from {{ base }}
        where {{ trustgate.in_increment(entity) }}{{ of_dataset }} and not (_is_latest and _version_number = 1)
    )
{%- endmacro %}


{#- SQL condition, to be added to others: of the dataset; empty for all. -#}
{% macro _condition_of_dataset(dataset) -%}
    {%- if dataset != '*' %} and _dataset = {{ trustgate.literal(dataset or trustgate.active_dataset()) }}{% endif -%}
{%- endmacro %}
