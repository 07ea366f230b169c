{#- Rows of a table of differences. -#}
{% test is_empty(model) %}
select * from {{ model }}
{% endtest %}
