{#-
    Statements of migration 1: the tables, with keys and checks. Tables of an earlier version, which
    dbt models and hooks created without keys, keep all their rows and get what they lack.
-#}
{% macro migrate_to_keyed_tables() -%}
    {%- set schema = trustgate.quality_schema() -%}
    {%- set indexes = {
        'corrections': [['record_key']],
        'reprocess_requests': [['record_key'], ['batch_id']],
        'exception_events': [['exception_id', 'occurred_at']],
        'former_records': [['entity', '_check_seq']],
        'served_requests': [['run_id']],
        'retry_attempts': [['record_id']],
        'layer_totals': [['layer', 'batch_id']],
        'rule_totals': [['layer', 'batch_id']],
        'test_results': [['node_id', 'executed_at']],
    } -%}
    {{ trustgate._tables_1(schema) }}
    {#- Created again as temporary tables: the catalog then shows what the existing ones lack. #}
    {{ trustgate._tables_1('pg_temp') }}
    {{ trustgate.take_over_tables(schema, modules.re.findall(
        'create table if not exists pg_temp.(\\w+)', trustgate._tables_1('pg_temp')
    )) }}
    {%- for table, of_table in indexes.items() %}
    {%- set declared = [] -%}
    {%- for columns in of_table -%}{%- do declared.append({'columns': columns}) -%}{%- endfor %}
    {%- set relation = api.Relation.create(schema=schema, identifier=table) %}
    {{ trustgate.create_missing_indexes(relation, declared) | indent(4) }};
    {%- endfor %}
{%- endmacro %}


{% macro _tables_1(schema) -%}
    {{ trustgate.tables_of_loads_1(schema) }}
    {{ trustgate.tables_of_people_1(schema) }}
    {{ trustgate.tables_of_exceptions_1(schema) }}
    {{ trustgate.tables_of_attempts_1(schema) }}
    {{ trustgate.tables_of_layers_1(schema) }}
    {{ trustgate.tables_of_runs_1(schema) }}
{%- endmacro %}
