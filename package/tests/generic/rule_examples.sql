{#- Fails for each example of the model's rules that its rule does not evaluate as declared. Needs no data. -#}
{% test rule_examples(model) %}
    {#- Set here, where no project's `+where` overrides it: the test uses no rows of the model. #}
    {{ config(where='', severity='warn') }}
    {{ trustgate.failing_examples(model.identifier) }}
{% endtest %}
