{#- What was sent of each batch against the fates of its records: nothing is lost, nothing counted twice. -#}
{% set followed = [] %}
{% for entity in trustgate.setting('entities') %}
{% do followed.append({'entity': entity, 'relation': 'stg_' ~ entity}) %}
{% endfor %}
{{ config(
    enabled=true,
    meta={'reconciliation': {'chain': followed}},
) }}

{{ trustgate.reconcile_balance() }}
