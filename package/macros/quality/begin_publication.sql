{#-
    Statements that begin the transaction of a mart: they read the gate once, and set which changes
    of the candidate are published: all up to `trustgate.publish_to`; none (-1) while the gate is
    shut, was last built for another dataset, or has no check. `trustgate.publish_all` is true where
    the candidate was rebuilt or the mart is new; while the gate is shut, the next run finds that
    recorded.
-#}
{% macro begin_publication(candidate) -%}
    {% if not trustgate.is_increment() -%}
    {{ trustgate.request_full_publication(candidate) }};
    {% endif -%}
    select
        set_config('trustgate.publish_to', (
            case when gate.is_open then changes.change_id else -1 end
        )::text, true),
        set_config('trustgate.publish_all', (gate.is_open and changes.is_rebuilt)::text, true)
    from (
        {%- set dataset = trustgate.literal(trustgate.active_dataset()) %}
        select coalesce(bool_and(is_open and dataset = {{ dataset }}), false) as is_open
        from {{ ref('trustgate', 'gate') }}
    ) as gate
    cross join (
        select
            coalesce(max(change_id), 0) as change_id,
            coalesce(bool_or(record_key is null), false) as is_rebuilt
        from {{ trustgate.bookkeeping('candidate_changes') }}
        where candidate = '{{ candidate }}'
    ) as changes
{%- endmacro %}
