{#- Fails for each check of the gate that is shut. -#}
{% test is_open(model) %}
    {#- Stated here, where no project's `+severity: warn` reaches: a shut gate is an error. #}
    {{ config(severity='error', store_failures=false) }}
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
