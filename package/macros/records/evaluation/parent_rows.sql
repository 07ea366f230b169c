{#- SQL of the parents that a join looks up: one row per dataset and value of its field. -#}
{% macro parent_rows(join, columns) -%}
    {%- set key = trustgate._key_of(join.base) -%}
    {%- set is_unique = not key or key == [join.field] -%}
    select{{ '' if is_unique else ' distinct on (_dataset, ' ~ join.field ~ ')' }}
        _dataset,
        {{ join.lookup.field }} as _join_value,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        true as _is_there
    from {{ trustgate.project_ref(join.to) }}
    {%- if not is_unique %}
    where {{ join.field }} is not null
    order by _dataset, {{ join.field }}, _record_key
    {%- endif %}
{%- endmacro %}


{#- Key columns that a base model declares; none in unit tests, which see no graph. -#}
{% macro _key_of(base) -%}
    {%- set key = (trustgate.meta_of(base)).get('key') or [] -%}
    {{ return([key] if key is string else key) }}
{%- endmacro %}
