{#- SQL of the key values of an entity's changed records, in all their versions, now and before. -#}
{% macro affected_values(side, keys, dataset) -%}
    select
        {% for key in keys -%}
            {{ key }} as key_{{ loop.index }}{{ ', ' if not loop.last }}
        {%- endfor %}
    from (
        {{ trustgate.changed_records(side.entity, dataset) | indent(8) }}
    ) as changed
{%- endmacro %}
