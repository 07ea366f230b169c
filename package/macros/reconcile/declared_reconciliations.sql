{#-
    SQL of what is declared of every reconciliation beside its comparison, one row each, from dbt's graph: reconciliation,
    entity, severity, source_layer, source_table, target_layer, target_table.
-#}
{% macro declared_reconciliations() -%}
    select *
    from (
        values
        {%- for name in trustgate.all_reconciliations() %}
        {%- set meta = trustgate.meta_of(name) %}
        (
            '{{ name }}'::text,
            {%- for key, default in {'entity': '', 'severity': 'ERROR', 'source_layer': '', 'source_table': '', 'target_layer': '', 'target_table': ''}.items() %}
            {{ trustgate.literal(meta.get(key, default)) }}::text{{ ',' if not loop.last }}
            {%- endfor %}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ) as declared (reconciliation, entity, severity, source_layer, source_table, target_layer, target_table)
{%- endmacro %}
