{#- Failures of every evaluation, one row per record and rule, over time: appended as verdicts are written. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    sql_header=trustgate.parallel_plan(),
    indexes=[{'columns': ['record_key']}, {'columns': ['run_id']}, {'columns': ['record_id'], 'type': 'brin'}],
    pre_hook="{{ trustgate.open_windows() }}",
    post_hook="{{ trustgate.close_windows() }}",
) }}

with

rules as (select * from {{ ref('trustgate', 'dq_rules') }}),

{% for entity in trustgate.setting('entities') %}
{{ entity }} as (
    {{ trustgate.rule_results(entity) | indent(4) }}
),
{% endfor %}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
