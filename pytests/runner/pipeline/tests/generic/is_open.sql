{% test is_open(model) %}
select * from {{ model }} where not is_open
{% endtest %}
