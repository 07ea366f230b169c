{#-
    CTEs `source_before` and `target_before`: the affected keys that each side had when the
    increment began. A key whose verdicts did not change comes from stg, any other from the latest
    good version that base held.
-#}
{% macro sides_before(sides, keys, dataset) -%}
{%- for name, side in sides.items() -%}
{%- set of_side -%}
    {{ trustgate.side_condition(side, dataset) }}
    and {{ trustgate.has_key(side, keys) }}
    and ({{ trustgate.side_lookup(side, keys) }}) in (
        select {{ trustgate.key_names(keys) }} from affected
    )
{%- endset %}
{{ name }}_before as materialized (
    {#- A full join, as in `records_before`. #}
    select {{ trustgate.key_names(keys) }}
    from (
        select
            side._record_key
            {%- for key in keys %},
            {{ trustgate.side_column(side, key) }} as key_{{ loop.index }}
            {%- endfor %}
        from {{ trustgate.project_ref(side.relation) }} as side
        where
            {{ of_side | indent(12) }}
    ) as earlier
    full outer join (
        select verdict._record_key
        from {{ trustgate.project_ref('base_' ~ side.entity) }} as verdict
        where
            verdict._dataset = {{ trustgate.literal(dataset) }}
            and {{ trustgate.in_increment(side.entity, 'verdict') }}
    ) as changed on earlier._record_key = changed._record_key
    where changed._record_key is null
    union all
    select {{ trustgate.side_key(side, keys) }}
    from (
        select distinct on (_record_key)
            *,
            _dq_status as dq_status,
            _dq_score as dq_score
        from (
            {{ trustgate.records_before(side.entity, dataset) | indent(12) }}
        ) as version
        where _dq_status <> 'FAILED' and not _is_duplicate
        order by _record_key, _version_number desc
    ) as side
    where
        {{ of_side | indent(8) }}
),
{% endfor -%}
{%- endmacro %}
