{#-
    SQL of the records that break a rule on uniqueness: the latest version of another key has the
    same values. An increment also reads the latest versions in base that it does not evaluate.
-#}
{% macro not_unique(rule, columns, is_increment) -%}
{%- set group = rule.group | join(', ') -%}
{%- set looked_at -%}
    {%- if rule.ignore == 'any_value_is_missing' -%}
        {{ rule.group | join(' is not null and ') }} is not null
    {%- elif rule.ignore == 'all_values_are_missing' -%}
        ({{ rule.group | join(' is not null or ') }} is not null)
    {%- else -%}
        true
    {%- endif -%}
    {%- if rule.condition %} and ({{ rule.condition }}){% endif -%}
{%- endset -%}
select _record_id
from (
    select
        _record_id,
        _is_checked,
        count(*) over (partition by {{ group }}, _dataset) as _carriers
    from (
        {%- if is_increment %}
        select typed_values._record_id, typed_values._dataset, {{ group }}, true as _is_checked
        from typed_values
        left join versions on typed_values._record_id = versions._record_id
        where coalesce(versions._is_latest, true) and {{ looked_at }}
        union all
        {#-
            Records that share a value with a given record are evaluated now. The planner never
            makes a full join by a nested loop; `offset 0` keeps it full.
        #}
        select known._record_id, known._dataset, known.{{ rule.group | join(', known.') }}, false
        from (
            select _record_id, _dataset, {{ group }}
            from {{ this }} as known
            where
                _is_latest
                and {{ looked_at }}
                and {{ trustgate.shares_values(rule, "
                    select
                        typed_values._dataset,
                        typed_values." ~ rule.group | join(', typed_values.') ~ "
                    from typed_values
                    full outer join given_records
                        on typed_values._record_id = given_records._record_id
                    where given_records._record_id is null
                    offset 0
                ") | indent(16) }}
        ) as known
        full outer join records_to_check on known._record_id = records_to_check._record_id
        where records_to_check._record_id is null
        {%- else %}
        select typed_values._record_id, typed_values._dataset, {{ group }}, true as _is_checked
        {#- One sort finds the values that any two records share; few remain to be tested. #}
        from (
            select
                _record_id,
                _dataset,
                {{ group }},
                count(*) over (partition by {{ group }}, _dataset) as _carriers
            from typed_values
            where {{ looked_at }}
        ) as typed_values
        left join versions on typed_values._record_id = versions._record_id
        where typed_values._carriers > 1 and coalesce(versions._is_latest, true)
        {%- endif %}
    ) as carrying
) as counted
where _carriers > 1 and _is_checked
{%- endmacro %}
