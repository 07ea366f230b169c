{#-
    Statements that begin the transaction of a mart: they read the gate once, and set which changes
    of the candidate are published: all up to `trustgate.publish_to`; none (-1) while the gate is
    shut, was last built for another dataset, or has no check. `trustgate.publish_all` is true where
    the candidate was rebuilt or the mart is new; while the gate is shut, the next run finds that
    recorded.
-#}
{% macro begin_publication(candidate) -%}
    {{ trustgate._require_lock() }}
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


{#-
    Statement that refuses to publish for a run of the runner whose session with the lock has ended:
    another run may have started. Nothing for bare dbt, which holds no lock.
-#}
{% macro _require_lock() -%}
    {%- set given = dbt_metadata_envs.get('TRUSTGATE_LOCK_PID') -%}
    {%- if given -%}
    do $lock$
    begin
        if not {{ trustgate.holds_run_lock(given) | indent(8) }} then
            raise exception 'trustgate: the run that publishes does not hold its lock';
        end if;
    end
    $lock$;
    {%- endif -%}
{%- endmacro %}
