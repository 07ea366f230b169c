{#-
    SQL select list of the settings by which the triggers of a layer know a transaction of the
    pipeline, and up to which alteration it may restore what was altered.
-#}
{% macro own_writes() -%}
    set_config('trustgate.writes', 'on', true),
    set_config('trustgate.altered_to', (
        select coalesce(max(alteration_id), 0)
        from {{ trustgate.bookkeeping('alterations') }}
        where restored_at is null
    )::text, true)
{%- endmacro %}
