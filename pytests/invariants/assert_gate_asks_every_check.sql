{#- A check the gate does not ask cannot shut it. A failing row is a rule or reconciliation declared and not in the gate. -#}
{{ config(severity='warn') }}

with

declared as (
    select
        rule_id as check_id,
        entity
    from {{ ref('trustgate', 'dq_rules') }}
    {%- for name in trustgate.all_reconciliations() %}
    {%- set entity = trustgate.meta_of(name).get('entity', '') %}
    union all
    select
        '{{ name }}' as check_id,
        '{{ entity }}' as entity
    {%- endfor %}
),

gate as (select * from {{ ref('trustgate', 'gate') }})

select declared.*
from declared
left join gate on declared.check_id = gate.check_id and declared.entity = gate.entity
where gate.check_id is null
