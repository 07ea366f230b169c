{#-
    A relation that the select of a candidate reads; in an increment, its rows of the affected keys.

    Args:
        relation: has the columns that make the candidate's key, such as another candidate.
        key: mapping of columns of the candidate's key to SQL over a row of the relation; the
            candidate's own where not given.
-#}
{% macro in_scope(relation, key=none) -%}
    {%- set layer = model.config.meta.get('layer') -%}
    {%- if layer and trustgate.is_increment() -%}
    {%- set key = key or layer['key'] -%}
    (
        select *
        from {{ relation }}
        where ({{ key.values() | join(', ') }}) in (
            select {{ key | join(', ') }} from {{ trustgate.model_name() }}__scope
        )
    )
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}
