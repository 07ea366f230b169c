{#-
    Pre-hook of a mart: reads the gate once, and settles which changes of the candidate this transaction
    publishes: all up to `trustgate.publish_to`; none (-1) while the gate is shut, was last built for
    another dataset, or knows of no check. `trustgate.publish_all` is true where the candidate was built
    anew or the mart stands for the first time; where the gate is shut then, both are noted for the next.
-#}
{% macro begin_publication(candidate) -%}
    {% if not trustgate.is_increment() -%}
    {{ trustgate.request_full_publication(candidate) }};
    {% endif -%}
    select
        set_config('trustgate.publish_to', (case when gate.is_open then changes.change_id else -1 end)::text, true),
        set_config('trustgate.publish_all', (gate.is_open and changes.is_rebuilt)::text, true)
    from (
        select coalesce(bool_and(is_open and dataset = {{ trustgate.literal(trustgate.active_dataset()) }}), false) as is_open
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
