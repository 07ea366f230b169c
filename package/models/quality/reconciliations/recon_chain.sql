{#- Counts, amounts and hashes of each batch from its control to the candidates: every link with the one before it. -#}
{% set followed = [] %}
{% for entity in trustgate.setting('entities') %}
{% do followed.append({'entity': entity, 'relation': trustgate.setting('candidates')[entity]}) %}
{% endfor %}
{{ config(
    enabled=true,
    meta={'reconciliation': {'chain': followed}},
) }}

{{ trustgate.reconcile_chain() }}
