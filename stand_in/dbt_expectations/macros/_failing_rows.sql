{#- Rows of the model, or groups of them, for which the condition is false.
    A condition that is NULL does not fail. One column `expression`, always false, behind one
    column `col_<n>` for each expression grouped by. -#}
{% macro _failing_rows(model, condition, row_condition=none, group_by=none) -%}
with

checked as (
    select
        {% for expression in group_by or [] -%}
        {{ expression }} as col_{{ loop.index }},
        {% endfor -%}
        ({{ condition }}) as expression
    from {{ model }}
    {%- if row_condition %}
    where {{ row_condition }}
    {%- endif %}
    {%- if group_by %}
    group by {{ group_by | join(', ') }}
    {%- endif %}
),

final as (select * from checked where not expression)

select * from final
{%- endmacro %}
