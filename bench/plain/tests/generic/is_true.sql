{#- Rows of which the expression is false; where it is NULL nothing is said. -#}
{% test is_true(model, expression) %}
select * from {{ model }} where not ({{ expression }})
{% endtest %}
