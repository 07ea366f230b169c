{#-
    Statements of migration 1: the tables, with keys and checks. Those that an earlier Trustgate made, as dbt models
    without keys or in hooks, are kept with all their rows and given what they lack.
-#}
{% macro migrate_to_keyed_tables() -%}
    {%- set schema = trustgate.quality_schema() -%}
    {%- set tables = trustgate.tables_of_loads_1() | list
        + trustgate.tables_of_people_1() | list
        + trustgate.tables_of_layers_1() | list
        + trustgate.tables_of_runs_1() | list -%}
    {%- for table in tables %}
    create table if not exists {{ schema }}.{{ table.name }} (
        {{ table.columns | indent(8) }}
    );
    {%- endfor %}
    {{ trustgate.take_over_tables(schema, tables) }}
    {%- for table in tables %}
    {{ trustgate.create_missing_indexes(api.Relation.create(schema=schema, identifier=table.name), table.indexes) }};
    {%- endfor %}
{%- endmacro %}
