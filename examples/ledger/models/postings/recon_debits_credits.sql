{#- Debits against credits of each of the sender's batches, promoted postings. -#}
{% call trustgate.business_rule(key='batch_number') %}
    select
        batch_number,
        coalesce(sum(amount) filter (where side = 'D'), 0) as expected_value,
        coalesce(sum(amount) filter (where side = 'C'), 0) as actual_value
    from {{ ref('stg_postings') }}
    where _dataset = '{{ trustgate.active_dataset() }}'
    group by batch_number
{% endcall %}
