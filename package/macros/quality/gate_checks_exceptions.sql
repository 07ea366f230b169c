{#-
    SQL of the gate's check on exceptions past their SLA: it shows and counts them, and shuts the
    gate only above `max_exceptions_past_sla`, where that is set.

    Args: allowed: number of exceptions that may be past their SLA; none never to shut the gate;
        open_exceptions: relation of the open exceptions of the active dataset.
    Raises: a compiler error for anything but a whole number from 0, or none.
-#}
{% macro gate_checks_exceptions(allowed, open_exceptions) -%}
{%- set argument = 'allowed (var max_exceptions_past_sla)' -%}
{%- do trustgate.validate_value('gate_checks_exceptions', argument, allowed, 'count_or_none') -%}
select
    'exceptions_past_sla' as check_id,
    'work' as kind,
    '' as entity,
    '{{ 'WARNING' if allowed is none else 'ERROR' }}' as severity,
    count(*) as open_count,
    0::bigint as suppressed_count,
    {{ trustgate.literal(allowed) }}::bigint as allowed,
    {{ 'true' if allowed is none else 'count(*) <= ' ~ allowed }} as is_open,
    case
        when count(*) = 0 then 'no exception is past its SLA'
        else concat_ws(
            ', ',
            {%- for severity in ['CRITICAL', 'ERROR', 'WARNING'] %}
            nullif(count(*) filter (where severity = '{{ severity }}'), 0) || ' {{ severity }}',
            {%- endfor %}
            'the first was due '
            || to_char(min(sla_due_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
        )
    end as detail
from {{ open_exceptions }}
where is_overdue
{%- endmacro %}
