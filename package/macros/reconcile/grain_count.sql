{#- SQL of the number of all grains of a side, even where `grains` has only affected ones. -#}
{% macro grain_count(name, side, grain, names, dataset, is_partial) -%}
{%- if is_partial -%}
(
    select count(*)
    from (
        select distinct {{ trustgate.grain_keys(grain, names, name) }}
        from {{ trustgate.side_from(side) }}
        where
            {{ trustgate.side_condition(side, dataset) | indent(12) }}
    ) as grains
)
{%- else -%}
(select count(*) from grains where is_in_{{ name }})
{%- endif -%}
{%- endmacro %}
