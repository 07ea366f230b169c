{#-
    SQL of the results of an entity's verdicts that are not processed yet: failures, with actual and
    expected value; passes too with `var('dq_store_passes')`.
-#}
{% macro rule_results(entity, rules) -%}
select
    verdicts._run_id as run_id,
    verdicts._dataset as dataset,
    '{{ entity }}'::text as entity,
    verdicts._record_id as record_id,
    verdicts._record_key as record_key,
    verdicts._batch_id as batch_id,
    rules.rule_id,
    rules.severity,
    {{ 'found.rule_id is null' if trustgate.setting('dq_store_passes') else 'false' }} as passed,
    verdicts._dq_score as score,
    found.detail ->> 0 as actual_value,
    rules.expected as expected_value,
    {{ trustgate.error_message('rules', 'found.detail') | indent(4) }} as error_message,
    rules.weight,
    verdicts._checked_at as validated_at
from {{ trustgate.project_ref('base_' ~ entity) }} as verdicts
{%- if trustgate.setting('dq_store_passes') %}
inner join {{ rules }} as rules on rules.entity = '{{ entity }}'
left join lateral jsonb_each(verdicts._dq_details) as found (rule_id, detail)
    on found.rule_id = rules.rule_id
where {{ trustgate.in_increment(entity, 'verdicts') }}
{%- else %}
cross join lateral jsonb_each(verdicts._dq_details) as found (rule_id, detail)
inner join {{ rules }} as rules
    on found.rule_id = rules.rule_id and rules.entity = '{{ entity }}'
where verdicts._dq_details is not null and {{ trustgate.in_increment(entity, 'verdicts') }}
{%- endif %}
{%- endmacro %}
