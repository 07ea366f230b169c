{#-
    SQL of how many records of an entity are quarantined: `open_count` of those with a failure that
    is not suppressed, `suppressed_count` of those with a suppressed one. It counts open exceptions,
    since each failure has one; where there are more than the cap, it counts records of base.
-#}
{% macro failed_record_counts(entity, open_exceptions) -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
select
    coalesce(exact.open_count, named.open_count) as open_count,
    coalesce(exact.suppressed_count, named.suppressed_count) as suppressed_count
from (
    select
        count(distinct record_key) filter (where not is_suppressed) as open_count,
        count(distinct record_key) filter (where is_suppressed) as suppressed_count,
        coalesce(bool_or(is_beyond_cap), false) as is_capped
    from {{ open_exceptions }}
    where
        entity = '{{ entity }}'
        and severity <> 'WARNING'
        and check_id in (
            select rule_id from {{ ref('trustgate', 'dq_rules') }} where entity = '{{ entity }}'
        )
) as named
cross join (
    select
        coalesce(array_agg(rule_id) filter (
            where rule_id not in (
                select check_id from {{ ref('trustgate', 'active_suppressions') }}
            )
        ), '{}') as rule_ids
    from {{ ref('trustgate', 'dq_rules') }}
    where entity = '{{ entity }}'
) as never_suppressed
left join lateral (
    select
        count(*) filter (
            where
            verdicts._dq_failed && never_suppressed.rule_ids
            or exists (
                select 1 from unnest(verdicts._dq_failed) as broken (rule_id)
                where not {{ trustgate._is_suppressed(entity) }}
            )
        ) as open_count,
        count(*) filter (
            where
            not verdicts._dq_failed <@ never_suppressed.rule_ids
            and exists (
                select 1 from unnest(verdicts._dq_failed) as broken (rule_id)
                where {{ trustgate._is_suppressed(entity) }}
            )
        ) as suppressed_count
    from {{ trustgate.project_ref('base_' ~ entity) }} as verdicts
    where
        named.is_capped
        and verdicts._dataset = {{ dataset }}
        and verdicts._is_latest
        and verdicts._dq_status = 'FAILED'
) as exact on named.is_capped
{%- endmacro %}


{% macro _is_suppressed(entity) -%}
exists (
    select 1 from {{ ref('trustgate', 'active_suppressions') }} as suppressions
    where
        suppressions.check_id = broken.rule_id
        and coalesce(suppressions.entity, '{{ entity }}') = '{{ entity }}'
        and coalesce(suppressions.record_key, verdicts._record_key) = verdicts._record_key
)
{%- endmacro %}
