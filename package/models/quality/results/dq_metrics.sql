{#- Scores of each evaluation of the active dataset: for the entity, its columns and its batches, over time. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    pre_hook=[
        "{{ trustgate.open_windows(trustgate.active_dataset()) }}",
        "{{ trustgate.count_layers(['base']) }}",
    ],
    post_hook="{{ trustgate.close_windows(trustgate.active_dataset()) }}",
) }}

with

rules as (select * from {{ ref('trustgate', 'dq_rules') }}),

{% for entity in trustgate.setting('entities') %}
{{ entity }} as (
    {{ trustgate.quality_scores(entity) | indent(4) }}
),
{% endfor %}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
