{#- Fails for each example of the model's rules that its rule does not judge as declared. Needs no data. -#}
{% test rule_examples(model) %}
    {{ trustgate.unmet_examples(model.identifier) }}
{% endtest %}
