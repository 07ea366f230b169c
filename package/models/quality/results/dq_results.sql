{#- Failures of every evaluation, one row per record and rule, over time; each run appends. -#}
{{ trustgate.quality_layer('results', indexes=[
    {'columns': ['record_key']}, {'columns': ['run_id']}, {'columns': ['record_id'], 'type': 'brin'},
]) }}

with

rules as (select * from {{ ref('trustgate', 'dq_rules') }}),

{% for entity in trustgate.setting('entities') %}
{{ entity }} as (
    {{ trustgate.rule_results(entity, 'rules') | indent(4) }}
),
{% endfor %}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
