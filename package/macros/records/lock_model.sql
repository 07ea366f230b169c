{#-
    SQL call that waits until no other transaction writes this model in this namespace, and holds
    the lock until the transaction ends: a statement of a killed run that still works cannot
    interfere with the next run.
-#}
{% macro lock_model(relation) -%}
    {%- set namespace = trustgate.literal(env_var('TRUSTGATE_NAMESPACE', '')) -%}
    pg_advisory_xact_lock(
        hashtext('trustgate models ' || {{ namespace }}),
        hashtext('{{ relation.schema }}.{{ relation.identifier }}')
    )
{%- endmacro %}
