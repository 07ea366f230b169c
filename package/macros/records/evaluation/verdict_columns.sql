{#- SQL of the verdict columns of base, from the rules on records and sets that a record breaks. -#}
{% macro verdict_columns(declared, record_rules, set_rules) -%}
{%- set errors = set_rules | selectattr('severity', 'equalto', 'error')
    | map(attribute='id') | list -%}
{%- set warnings = set_rules | selectattr('severity', 'equalto', 'warn')
    | map(attribute='id') | list -%}
{%- set total = declared.rules | map(attribute='weight') | sum -%}
{%- set failed = trustgate._both('_failed', errors) -%}
{%- set warned = trustgate._both('_warned', warnings) -%}
case
    when _broken_set_rules is null then _status_alone
    when {{ failed }} is not null then 'FAILED'
    when {{ warned }} is not null then 'WARNING'
    else 'PASSED'
end as _dq_status,
{%- if total > 0 %}
case
    when _broken_set_rules is null and _lost_weight = 0 then 100.00
    else round(100 - 100.0 * (
        _lost_weight
        {%- for rule in set_rules %}
        + case when '{{ rule.id }}' = any(_broken_set_rules) then {{ rule.weight }} else 0 end
        {%- endfor %}
    ) / {{ total }}, 2)
end as _dq_score,
{%- else %}
null::numeric as _dq_score,
{%- endif %}
{{ failed }} as _dq_failed,
{{ warned }} as _dq_warned,
{%- if set_rules %}
case
    when _broken_set_rules is null then _details
    else coalesce(_details, '{}') || jsonb_strip_nulls(jsonb_build_object(
        {%- for rule in set_rules %}
        '{{ rule.id }}', case
            when '{{ rule.id }}' = any(_broken_set_rules)
                then jsonb_build_array({{ trustgate._found_typed(rule) }})
        end{{ trustgate.next_pair(loop) }}
        {%- endfor %}
    ))
end as _dq_details
{%- else %}
_details as _dq_details
{%- endif %}
{%- endmacro %}


{#- SQL of the broken rules of one severity: record rules, then set rules; null when none. -#}
{% macro _both(own, ids) -%}
    {%- if not ids -%}{{ return(own) }}{%- endif -%}
    {{ return(
        'case when _broken_set_rules is null then ' ~ own
        ~ ' else nullif(coalesce(' ~ own ~ ", '{}') || array("
        ~ "select id from unnest(_broken_set_rules) as id where id in ('" ~ ids | join("', '")
        ~ "')), '{}') end"
    ) }}
{%- endmacro %}


{#- SQL of the actual value for a set rule, from typed columns. -#}
{% macro _found_typed(rule) -%}
    {%- if not rule.columns -%}
        null::text
    {%- elif rule.columns | length == 1 -%}
        {{ rule.columns[0] }}::text
    {%- else -%}
        concat_ws(', '
        {%- for column in rule.columns -%}
            , '{{ column }}=' || coalesce({{ column }}::text, 'null')
        {%- endfor -%}
        )
    {%- endif -%}
{%- endmacro %}
