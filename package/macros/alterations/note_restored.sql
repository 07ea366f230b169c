{#-
    Statement that records the alterations of a layer as restored by this run, in the transaction
    that restored it.

    Args: layer; condition: SQL, under which all of them are.
-#}
{% macro note_restored(layer, condition='true') -%}
    update {{ trustgate.bookkeeping('alterations') }}
    set restored_run = '{{ invocation_id }}', restored_at = clock_timestamp()
    where
        layer = '{{ layer }}'
        and restored_at is null
        and alteration_id <= current_setting('trustgate.altered_to')::bigint
        and {{ condition }}
{%- endmacro %}
