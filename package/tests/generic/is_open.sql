{#- Fails for each check of the gate that is shut. -#}
{% test is_open(model) %}
    {#- Set here, where no project's `+severity: warn` overrides it: a shut gate is an error. #}
    {{ config(severity='error', store_failures=false) }}
    {#- Through a function, which the server does not compile first (`jit`): that takes seconds. #}
    select
        check_id,
        kind,
        entity,
        open_count,
        allowed,
        detail
    from {{ trustgate.quality_schema() }}.shut_checks('{{ model }}')
{% endtest %}
