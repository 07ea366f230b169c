{#-
    SQL of the declaration of every reconciliation besides its comparison, from dbt's graph. Grain:
    one row per reconciliation: reconciliation, entity, severity, source_layer, source_table,
    target_layer, target_table.
-#}
{% macro declared_reconciliations() -%}
    select *
    from (
        values
        {%- for name in trustgate.all_reconciliations() %}
        {%- set meta = trustgate.meta_of(name) %}
        (
            '{{ name }}'::text,
            {%- for key in [
                'entity', 'severity', 'source_layer', 'source_table', 'target_layer',
                'target_table',
            ] %}
            {%- set default = 'ERROR' if key == 'severity' else '' %}
            {{ trustgate.literal(meta.get(key, default)) }}::text{{ ',' if not loop.last }}
            {%- endfor %}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ) as declared (
        reconciliation, entity, severity, source_layer, source_table, target_layer, target_table
    )
{%- endmacro %}
