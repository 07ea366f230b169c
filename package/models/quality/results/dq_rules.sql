{#- Every rule as declared, from the YAML of the base models. -#}
{{ trustgate.quality_layer('rules', keep_where='check_name is not null') }}

{{ trustgate.declared_rules() }}
{%- if trustgate.is_increment() %}
union all
select
    rule_id,
    entity,
    {%- for column in [
        'column_name', 'rule_name', 'dimension', 'check_name', 'expression', 'severity',
    ] %}
    null as {{ column }},
    {%- endfor %}
    null as weight,
    null as message,
    null as expected,
    null as rules_version
from {{ this }} as gone
where
    not exists (
        select 1
        from ({{ trustgate.declared_rules() }}) as declared
        where declared.entity = gone.entity and declared.rule_id = gone.rule_id
    )
{%- endif %}
