{#-
    SQL of a check of the gate on stuck work of the active dataset, from `waiting_work`: it shows
    and counts it, and shuts the gate only above `max_<check_id>`, where that is set.

    Args:
        check_id: name of the check.
        kinds: kinds of work counted, of `check`, `reprocessing` and `release`.
        counting: SQL of the number of items in a group.
        nothing: sentence where there is none.
        allowed: how many may be stuck; none never to shut the gate.
    Raises: a compiler error for anything but a whole number from 0, or none, as allowed.
-#}
{% macro gate_checks_stuck_work(check_id, kinds, counting, nothing, allowed) -%}
{%- set argument = 'allowed (var max_' ~ check_id ~ ')' -%}
{%- do trustgate.validate_value('gate_checks_stuck_work', argument, allowed, 'count_or_none') -%}
select
    '{{ check_id }}' as check_id,
    'work' as kind,
    '' as entity,
    '{{ 'WARNING' if allowed is none else 'ERROR' }}' as severity,
    coalesce(sum(waiting_count), 0)::bigint as open_count,
    0::bigint as suppressed_count,
    {{ trustgate.literal(allowed) }}::bigint as allowed,
    {{ 'true' if allowed is none else 'coalesce(sum(waiting_count), 0) <= ' ~ allowed }} as is_open,
    case
        when count(*) = 0 then '{{ nothing }}'
        else string_agg(
            waiting_count || ' of ' || entity || ' wait for ' || waits_for,
            ', ' order by entity, waits_for
        ) || ', the first since '
            || to_char(min(since) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
    end as detail
from (
    select
        entity,
        waits_for,
        {{ counting }} as waiting_count,
        min(since) as since
    from {{ ref('trustgate', 'waiting_work') }}
    where
        is_stuck
        and waits_for in ('{{ kinds | join("', '") }}')
        and dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
    group by entity, waits_for
) as waiting
{%- endmacro %}
