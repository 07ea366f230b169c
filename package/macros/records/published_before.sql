{#-
    SQL of what was published in a mart at the start of this run, for the active dataset, whatever
    was altered in it since; no rows where it was never published. A ref would put the mart above
    the gate that guards it, so the relation is looked up in dbt's cache of relations.

    Args: schema: of the mart, as configured; name: of the mart; columns: mapping of names to types.
-#}
{% macro published_before(schema, name, columns) -%}
    {%- set relation = load_cached_relation(api.Relation.create(
        database=target.database, schema=trustgate.namespace_prefix() ~ schema, identifier=name
    )) if execute else none -%}
    {%- set published -%}
        {{ trustgate.as_published(name, relation) if relation else '(select 1 where false)' }}
    {%- endset -%}
    select
        {%- for column, type in columns.items() %}
        {{ column if relation else 'cast(null as ' ~ type ~ ')' }} as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ published | indent(4) }} as published
    {%- if relation %}
    where _dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
    {%- endif %}
{%- endmacro %}
