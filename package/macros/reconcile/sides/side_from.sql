{#- SQL of what a side selects from; records of raw are joined with their `verdict` in base. -#}
{% macro side_from(side) -%}
    {{ trustgate.project_ref(side.relation) }} as side
    {%- if trustgate.verdict_alias(side) == 'verdict' %}
    inner join {{ trustgate.project_ref('base_' ~ side.entity) }} as verdict
        on side._record_id = verdict._record_id
    {%- endif %}
{%- endmacro %}
