{#-
    The migrations of the bookkeeping tables, in order: the first is version 1. A released migration
    is never changed; a later need gets a migration of its own. Each has a description and
    statements of PL/pgSQL.

    To add one, append it here, describe new tables and columns in `models/quality/bookkeeping.yml`,
    and raise BOOKKEEPING_VERSION in `runner/postgres/database.py`.
-#}
{% macro bookkeeping_migrations() -%}
    {{ return([
        {
            'description': 'Create the tables, or take over those of an earlier Trustgate',
            'statements': trustgate.migrate_to_keyed_tables(),
        },
        {
            'description': 'Note what a run was built from, and when an attempt is next due',
            'statements': trustgate.migrate_to_noted_inputs(),
        },
        {
            'description': 'Keep the reading of the gate under which each run published',
            'statements': trustgate.migrate_to_gate_readings(),
        },
        {
            'description': 'Record alterations of layers from outside',
            'statements': trustgate.migrate_to_alterations(),
        },
        {
            'description': 'Keep the figures of each run',
            'statements': trustgate.migrate_to_run_figures(),
        },
        {
            'description': 'Evaluate again what was found by the text of values',
            'statements': trustgate.migrate_to_typed_keys(),
        },
        {
            'description': 'Take exceptions that users and other programs log',
            'statements': trustgate.migrate_to_logged_exceptions(),
        },
    ]) }}
{%- endmacro %}
