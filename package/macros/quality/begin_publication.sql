{#-
    Statements that begin a publication: they read the gate once, record the reading
    (`gate_readings`), and set which changes are published: all up to `trustgate.publish_to`; none
    (-1) while the gate is shut, was last built for another dataset, or has no check.
    `trustgate.publish_whole` lists the candidates of which all rows are published, because they
    were rebuilt, their mart is new or has new columns, or the run is deep; while the gate is shut,
    the next run finds that recorded.

    Args: marts: see `declared_marts`.
-#}
{% macro begin_publication(marts) -%}
    {%- set readings = trustgate.bookkeeping('gate_readings') -%}
    {{ trustgate._require_lock() }}
    {%- for mart in marts if not mart.is_whole %}
    {{ trustgate.request_full_publication(mart.candidate_name) }};
    {%- endfor %}
    {{ trustgate.record_gate_reading(marts | map(attribute='name') | list) }};
    select
        set_config('trustgate.publish_to', (
            case when reading.is_open then changes.change_id else -1 end
        )::text, true),
        set_config('trustgate.publish_whole', (
            case
                when not reading.is_open then '{}'
                else {{ "array['" ~ marts | map(attribute='candidate_name') | join("', '") ~ "']"
                    if trustgate.is_deep() else 'changes.rebuilt' }}
            end
        )::text, true)
    from {{ readings }} as reading
    cross join (
        select
            coalesce(max(change_id), 0) as change_id,
            coalesce(array_agg(candidate) filter (where record_key is null), '{}') as rebuilt
        from {{ trustgate.bookkeeping('candidate_changes') }}
    ) as changes
    where reading.run_id = '{{ invocation_id }}'
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
