{#-
    Pre-hook of every model and snapshot: the transaction waits until no other one writes the same model of this
    namespace, so that a killed run's statement still at work cannot meet the next run's. The server
    ends the statement of a client that is gone within a second, and compiles none: of statements as long as
    ours that costs seconds and saves none.
-#}
{% macro take_turn() -%}
    {%- if model.config.materialized in ('table', 'incremental', 'snapshot') -%}
        select
            set_config('client_connection_check_interval', '1s', true),
            set_config('jit', 'off', true),
            {{ trustgate._turn_of(this) }}
    {%- endif -%}
{%- endmacro %}


{#- SQL call that waits for the turn to write a relation and holds it until the transaction ends. -#}
{% macro _turn_of(relation) -%}
    pg_advisory_xact_lock(
        hashtext('trustgate models ' || {{ trustgate.literal(env_var('TRUSTGATE_NAMESPACE', '')) }}),
        hashtext('{{ relation.schema }}.{{ relation.identifier }}')
    )
{%- endmacro %}
