{#- Fails for each example of the model's rules that its rule does not evaluate as declared. Needs no data. -#}
{% test rule_examples(model) %}
    {#- Set here, where no project's `+where` reaches: it asks for the model's name, not for rows. #}
    {{ config(where='', severity='warn') }}
    {{ trustgate.failing_examples(model.identifier) }}
{% endtest %}
