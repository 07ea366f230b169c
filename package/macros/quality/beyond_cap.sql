{#-
    SQL of one row for each check with more failures than exceptions: it represents the rest. Its
    severity is CRITICAL where the check is an error; a warning stays one.

    Args: counted: relation of the failures of each check; named: relation of those with an
        exception.
-#}
{% macro beyond_cap(counted, named) -%}
select
    counted.entity,
    '(beyond the cap)'::text as record_key,
    counted.check_id,
    null::uuid as record_id,
    null::text as batch_id,
    alike.exception_type,
    case alike.severity when 'WARNING' then 'WARNING' else 'CRITICAL' end as severity,
    alike.source_layer,
    alike.source_table,
    alike.target_layer,
    alike.target_table,
    to_char(counted.failing_count - alike.named_count, 'FM999,999,999,999')
    || ' more fail it, beyond the ' || to_char(alike.named_count, 'FM999,999,999,999')
    || ' that have an exception of their own' as message,
    jsonb_build_object(
        'beyond_cap', counted.failing_count - alike.named_count, 'failing', counted.failing_count
    ) as details,
    counted.failing_count::text as evaluation,
    counted.failing_count - alike.named_count as record_count
from {{ counted }} as counted
inner join (
    select
        entity,
        check_id,
        count(*) as named_count,
        {%- for column in [
            'exception_type', 'severity', 'source_layer', 'source_table', 'target_layer',
            'target_table',
        ] %}
        min({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ named }}
    group by entity, check_id
) as alike
    on counted.entity = alike.entity and counted.check_id = alike.check_id
where counted.failing_count > alike.named_count
{%- endmacro %}
