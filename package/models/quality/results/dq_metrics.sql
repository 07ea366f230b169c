{#- Scores of each evaluation of the active dataset: for the entity, its columns and its batches, over time. -#}
{{ trustgate.quality_layer('scores') }}

with

rules as (select * from {{ ref('trustgate', 'dq_rules') }}),

{% for entity in trustgate.setting('entities') %}
{{ entity }} as (
    {{ trustgate.quality_scores(entity, 'rules') | indent(4) }}
),
{% endfor %}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
