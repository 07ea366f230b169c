{#-
    SQL of the number of keys that both sides have, which a reconciliation that ignores orphans
    reports as compared. Where only affected keys are compared, it is the earlier number, less the
    pairs that affected keys made before, plus those they make now; else all rows of both sides are
    counted.

    Needs the CTEs `source`, `target` and, where `_knows_pairs_before`, those of `_sides_before`.
-#}
{% macro _pair_count(source, target, keys, dataset, is_partial) -%}
{%- set all_pairs -%}
    select count(*)
    from (
        select {{ '' if source.get('is_unique') else 'distinct ' -}}
            {% for key in keys -%}
                {{ trustgate._column_of(source, key) }} as key_{{ loop.index }}
                {{- ', ' if not loop.last }}
            {%- endfor %}
        from {{ trustgate._side_count(source, dataset) | indent(8) }}
            and {{ trustgate._has_key(source, keys) }}
    ) as source
    where ({{ trustgate._key_names(keys) }}) in (
        select {{ trustgate._side_key(target, keys) }}
        from {{ trustgate._side_count(target, dataset) | indent(8) }}
            and {{ trustgate._has_key(target, keys) }}
    )
{%- endset -%}
{%- if not (is_partial and trustgate._knows_pairs_before(source, target)) -%}
    {{ all_pairs }}
{%- else -%}
select case
    when
        earlier.compared is null
        {%- for entity in [source.entity, target.entity] | unique %}
        or current_setting('trustgate.is_reset_{{ entity }}')::boolean
        {%- endfor %}
        then (
            {{ all_pairs | indent(12) }}
        )
    else earlier.compared
        + ({{ trustgate._pairs_among('source', 'target', keys) }})
        - ({{ trustgate._pairs_among('source_before', 'target_before', keys) }})
end
from (
    select max(compared) as compared
    from {{ this }}
    where is_summary and dataset = {{ trustgate.literal(dataset) }}
) as earlier
{%- endif -%}
{%- endmacro %}


{#- Whether the pairs before are known: they are for stg, whose rows follow from those of base. -#}
{% macro _knows_pairs_before(source, target) -%}
    {{ return(
        source.relation == 'stg_' ~ source.entity and target.relation == 'stg_' ~ target.entity
    ) }}
{%- endmacro %}


{#- SQL of the number of keys that two CTEs share; a set operation is never a nested loop. -#}
{% macro _pairs_among(source_name, target_name, keys) -%}
    select count(*) from (
        select {{ trustgate._key_names(keys) }} from {{ source_name }}
        intersect
        select {{ trustgate._key_names(keys) }} from {{ target_name }}
    ) as pairs
{%- endmacro %}


{#-
    CTEs `source_before` and `target_before`: the affected keys that each side had when the
    increment began. A key whose verdicts did not change comes from stg, any other from the latest
    good version that base held.
-#}
{% macro _sides_before(sides, keys, dataset) -%}
{%- for name, side in sides.items() -%}
{%- set of_side -%}
    {{ trustgate._side_condition(side, dataset) }}
    and {{ trustgate._has_key(side, keys) }}
    and ({{ trustgate._side_lookup(side, keys) }}) in (
        select {{ trustgate._key_names(keys) }} from affected
    )
{%- endset %}
{{ name }}_before as materialized (
    {#- A full join, as in `records_before`. #}
    select {{ trustgate._key_names(keys) }}
    from (
        select
            side._record_key
            {%- for key in keys %},
            {{ trustgate._column_of(side, key) }} as key_{{ loop.index }}
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
    select {{ trustgate._side_key(side, keys) }}
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
