{#-
    SQL of the scores of an entity's latest versions in the active dataset, where any verdict
    changed: one row for the entity, for each column with rules, and for each batch with a change.
    It uses the totals of base, and reads base only for what changed.

    A score is 100 times the weighted share of rule evaluations that passed. It is NULL for a
    dimension without a rule, and where there are no records.
-#}
{% macro quality_scores(entity, rules) -%}
{%- set dimensions = [
    'completeness', 'validity', 'accuracy', 'consistency', 'uniqueness', 'timeliness',
] -%}
{%- set dataset = trustgate.literal(trustgate.active_dataset()) -%}
{%- set of_dataset -%}layer = 'base_{{ entity }}' and dataset = {{ dataset }}{%- endset -%}
select
    '{{ invocation_id }}'::text as run_id,
    {{ dataset }}::text as dataset,
    '{{ entity }}'::text as entity,
    records.batch_id,
    rules.column_name,
    {%- for dimension in dimensions %}
    {%- set of_dimension = "filter (where rules.dimension = '" ~ dimension ~ "')" %}
    round(
        100 - 100.0 * sum(rules.weight * coalesce(broken.failures, 0)) {{ of_dimension }}
        / (sum(rules.weight) {{ of_dimension }} * records.total_records), 2
    ) as {{ dimension }}_score,
    {%- endfor %}
    round(
        100 - 100.0 * sum(rules.weight * coalesce(broken.failures, 0))
        / (sum(rules.weight) * records.total_records), 2
    ) as overall_score,
    records.total_records,
    records.passed_records,
    records.failed_records,
    records.warning_records,
    count(*) as rules_executed,
    count(*) filter (where broken.failures is null) as rules_passed,
    count(broken.failures) as rules_failed,
    records.period_start,
    records.period_end,
    now() as calculated_at
from (
    {{ trustgate._scored_records(entity, dataset, of_dataset) | indent(4) }}
) as records
inner join {{ rules }} as rules on rules.entity = '{{ entity }}' and rules.weight > 0
left join (
    select batch_id, rule_id, sum(record_count) as failures
    from {{ trustgate.bookkeeping('rule_totals') }}
    where {{ of_dataset }}
    group by grouping sets ((rule_id), (batch_id, rule_id))
) as broken
    on rules.rule_id = broken.rule_id and records.batch_id is not distinct from broken.batch_id
group by
    records.batch_id, records.total_records, records.passed_records, records.failed_records,
    records.warning_records, records.period_start, records.period_end,
    grouping sets ((), (rules.column_name))
having
    grouping(rules.column_name) = 1
    or (rules.column_name is not null and records.batch_id is null)
{%- endmacro %}


{#- SQL of the latest versions counted: in all, and of each batch in the increment. -#}
{% macro _scored_records(entity, dataset, of_dataset) -%}
select
    batch_id,
    sum(record_count)::bigint as total_records,
    {%- for status in ('PASSED', 'FAILED', 'WARNING') %}
    coalesce(
        sum(record_count) filter (where dq_status = '{{ status }}'), 0
    )::bigint as {{ status | lower }}_records,
    {%- endfor %}
    min(loaded_at) as period_start,
    max(loaded_at) as period_end
from {{ trustgate.bookkeeping('layer_totals') }}
where
    {{ of_dataset }}
    and is_latest
    and current_setting('trustgate.to_{{ entity }}')::bigint
    > current_setting('trustgate.from_{{ entity }}')::bigint
group by grouping sets ((), (batch_id))
having sum(record_count) > 0 and (batch_id is null or batch_id = any(array(
    select distinct _batch_id
    from {{ trustgate.project_ref('base_' ~ entity) }}
    where _dataset = {{ dataset }} and {{ trustgate.in_increment(entity) }}
)))
{%- endmacro %}
