{#-
    SQL condition: users have not excluded an exception from attempts. It is neither blocked nor
    ignored; an exception that came back, or whose retry was requested since, is not ignored.

    Args: work: alias of its row in exception_work, outer joined.
-#}
{% macro is_tried_again(work) -%}
    {{ work }}.blocked is not true
    and (
        {{ work }}.status is distinct from 'IGNORED'
        or {{ work }}.retry_requested_at > {{ work }}.resolved_at
        or exists (
            select 1
            from {{ trustgate.bookkeeping('exception_events') }} as events
            where
                events.exception_id = {{ work }}.exception_id
                and events.event = 'REOPENED'
                and events.occurred_at > {{ work }}.resolved_at
        )
    )
{%- endmacro %}
