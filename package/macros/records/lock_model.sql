{#-
    SQL call that waits until no other transaction writes a model of this namespace, and holds the lock until the
    transaction ends, so that a killed run's statement still at work cannot meet the next run's.
-#}
{% macro lock_model(relation) -%}
    pg_advisory_xact_lock(
        hashtext('trustgate models ' || {{ trustgate.literal(env_var('TRUSTGATE_NAMESPACE', '')) }}),
        hashtext('{{ relation.schema }}.{{ relation.identifier }}')
    )
{%- endmacro %}
