{#- Rows for which the expression is false; NULL passes. -#}
{% test is_true(model, expression) %}
select * from {{ model }} where not ({{ expression }})
{% endtest %}
