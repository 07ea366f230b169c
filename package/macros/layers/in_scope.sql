{#-
    A relation that the select of a candidate reads; in an increment of that candidate, its rows of the affected keys.

    Args: relation: has the columns by which the candidate's key is told, such as another candidate; key: mapping of
    columns of the candidate's key to SQL over a row of the relation, the candidate's own where not given.
-#}
{% macro in_scope(relation, key=none) -%}
    {%- set layer = model.config.meta.get('layer') -%}
    {%- if layer and trustgate.is_increment() -%}
    {%- set key = key or layer['key'] -%}
    (
        select *
        from {{ relation }}
        where ({{ key.values() | join(', ') }}) in (select {{ key | join(', ') }} from {{ trustgate.model_name() }}__scope)
    )
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}
