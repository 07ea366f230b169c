{#-
    SQL of the scores of an entity's latest versions in the active dataset, where any verdict changed:
    one row for the entity, for each column with rules, and for each batch.

    A score is 100 times the weighted share of rule evaluations that passed; a dimension without a rule
    has none (NULL), nor has anything where there are no records.
-#}
{% macro quality_scores(entity) -%}
{%- set dimensions = ['completeness', 'validity', 'accuracy', 'consistency', 'uniqueness', 'timeliness'] -%}
{%- set of_dataset -%}_dataset = {{ trustgate.literal(trustgate.active_dataset()) }} and _is_latest{%- endset -%}
select
    '{{ invocation_id }}'::text as run_id,
    {{ trustgate.literal(trustgate.active_dataset()) }}::text as dataset,
    '{{ entity }}'::text as entity,
    records.batch_id,
    measured.column_name,
    {%- for dimension in dimensions %}
    measured.{{ dimension }}_score,
    {%- endfor %}
    measured.overall_score,
    records.total_records,
    records.passed_records,
    records.failed_records,
    records.warning_records,
    measured.rules_executed,
    measured.rules_executed - measured.rules_failed as rules_passed,
    measured.rules_failed,
    records.period_start,
    records.period_end,
    now() as calculated_at
from (
    select
        _batch_id as batch_id,
        count(*) as total_records,
        count(*) filter (where _dq_status = 'PASSED') as passed_records,
        count(*) filter (where _dq_status = 'FAILED') as failed_records,
        count(*) filter (where _dq_status = 'WARNING') as warning_records,
        min(_loaded_at) as period_start,
        max(_loaded_at) as period_end
    from {{ ref('base_' ~ entity) }}
    where {{ of_dataset }}
        and current_setting('trustgate.to_{{ entity }}')::bigint > current_setting('trustgate.from_{{ entity }}')::bigint
    group by grouping sets ((), (_batch_id))
    having count(*) > 0
) as records
cross join lateral (
    select
        judged.column_name,
        {%- for dimension in dimensions %}
        round(100 - 100.0 * sum(judged.weight * judged.failures) filter (where judged.dimension = '{{ dimension }}')
            / (sum(judged.weight) filter (where judged.dimension = '{{ dimension }}') * records.total_records), 2) as {{ dimension }}_score,
        {%- endfor %}
        round(100 - 100.0 * sum(judged.weight * judged.failures) / (sum(judged.weight) * records.total_records), 2) as overall_score,
        count(*) as rules_executed,
        count(*) filter (where judged.failures > 0) as rules_failed
    from (
        select
            rules.column_name,
            rules.dimension,
            rules.weight,
            coalesce(broken.failures, 0) as failures
        from rules
        left join (
            select
                _batch_id as batch_id,
                rule_id,
                count(*) as failures
            from {{ ref('base_' ~ entity) }}
            cross join lateral jsonb_object_keys(_dq_details) as rule_id
            where {{ of_dataset }} and _dq_details is not null
            group by grouping sets ((rule_id), (_batch_id, rule_id))
        ) as broken on rules.rule_id = broken.rule_id and records.batch_id is not distinct from broken.batch_id
        where rules.entity = '{{ entity }}'
    ) as judged
    group by grouping sets ((), (judged.column_name))
    having grouping(judged.column_name) = 1 or (judged.column_name is not null and records.batch_id is null)
) as measured
{%- endmacro %}
