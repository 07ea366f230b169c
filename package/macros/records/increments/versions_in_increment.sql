{#- SQL of the rows of base in the increment, and of the other versions of their keys. -#}
{% macro versions_in_increment(entity, of_dataset) -%}
    {%- set base = trustgate.project_ref('base_' ~ entity) -%}
    select *
    from {{ base }}
    where {{ trustgate.in_increment(entity) }}{{ of_dataset }}
    union all
    {#- A record that is both first and latest has no other version. #}
    select *
    from {{ base }}
    where
        not ({{ trustgate.in_increment(entity) }}){{ of_dataset }}
        and (_record_key, _dataset) in (
            select _record_key, _dataset
            from {{ base }}
            where
                {{ trustgate.in_increment(entity) }}{{ of_dataset }}
                and not (_is_latest and _version_number = 1)
        )
{%- endmacro %}
