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
    {%- if trustgate.setting('dq_store_passes') %}
    case when found.rule_id is null then 100.00 else 0.00 end as score,
    case
        when found.rule_id is not null then found.detail ->> 0
        else {{ trustgate._passing_value(entity) | indent(8) }}
    end as actual_value,
    {%- else %}
    verdicts._dq_score as score,
    found.detail ->> 0 as actual_value,
    {%- endif %}
    rules.expected as expected_value,
    {{ trustgate.error_message('rules', 'found.detail') | indent(4) }} as error_message,
    rules.weight,
    verdicts._checked_at as validated_at
from {{ trustgate.project_ref('base_' ~ entity) }} as verdicts
{%- if trustgate.setting('dq_store_passes') %}
inner join {{ rules }} as rules on rules.entity = '{{ entity }}'
left join lateral jsonb_each(verdicts._dq_details) as found (rule_id, detail)
    on found.rule_id = rules.rule_id
inner join {{ trustgate.project_ref('raw_' ~ entity) }} as received
    on verdicts._record_id = received._record_id
where {{ trustgate.in_increment(entity, 'verdicts') }}
{%- else %}
cross join lateral jsonb_each(verdicts._dq_details) as found (rule_id, detail)
inner join {{ rules }} as rules
    on found.rule_id = rules.rule_id and rules.entity = '{{ entity }}'
where verdicts._dq_details is not null and {{ trustgate.in_increment(entity, 'verdicts') }}
{%- endif %}
{%- endmacro %}


{#-
    SQL of the value that passes a rule, as received and corrected; of several columns `name=text`,
    those of a parent left out.
-#}
{% macro _passing_value(entity) -%}
{%- set columns = trustgate.declared_columns(entity) -%}
{%- set meta = trustgate.meta_of('base_' ~ entity) -%}
{%- if columns -%}
case rules.rule_id
    {%- for rule in (meta.get('rules') or []) + trustgate.implied_rules(meta, columns) %}
    {%- set texts = {} -%}
    {%- for column in trustgate._columns_of_rule(rule) if column in columns -%}
        {%- do texts.update({
            column: trustgate.as_corrected(column, 'received', 'verdicts._corrections')
        }) -%}
    {%- endfor %}
    {%- if texts | length == 1 %}
    when '{{ rule.id }}' then {{ texts.values() | first }}
    {%- elif texts %}
    when '{{ rule.id }}' then concat_ws(', '
        {%- for column, text in texts.items() -%}
            , '{{ column }}=' || coalesce({{ text }}, 'null')
        {%- endfor -%}
    )
    {%- endif %}
    {%- endfor %}
end
{%- else -%}
null::text
{%- endif -%}
{%- endmacro %}


{#- Columns that a rule names in its arguments or in its expression, except by a parent's alias. -#}
{% macro _columns_of_rule(rule) -%}
    {%- set named = [rule.get('column'), rule.get('column_A'), rule.get('column_B')] -%}
    {{ return((
        named + (rule.get('column_list') or [])
        + modules.re.findall('(?<![\\w.])[a-z_]\\w*', rule.get('expression') or '')
    ) | select | unique | list) }}
{%- endmacro %}
