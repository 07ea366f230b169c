{#- Fails for each check of the gate that is shut. -#}
{% test is_open(model) %}
    select
        check_id,
        kind,
        entity,
        open_count,
        allowed,
        detail
    from {{ model }}
    where not is_open
{% endtest %}
