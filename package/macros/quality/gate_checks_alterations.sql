{#-
    SQL of the gate's check that no layer of an entity was altered from outside since the pipeline
    wrote it. It reads `alterations`, so that an alteration counts at once. Marts are not among
    them: a publication makes them equal to their candidates.
-#}
{% macro gate_checks_alterations(entity) -%}
select
    '{{ entity }}_altered_records' as check_id,
    'alteration' as kind,
    '{{ entity }}' as entity,
    'CRITICAL' as severity,
    count(*) as open_count,
    0::bigint as suppressed_count,
    0::bigint as allowed,
    count(*) = 0 as is_open,
    case
        when count(*) = 0 then 'no layer of {{ entity }} was altered from outside'
        else 'altered from outside: '
            || string_agg(distinct layer, ', ') || '; runner reprocess --altered'
    end as detail
from ({{ trustgate.unrestored_alterations() }}) as altered
where entity = '{{ entity }}'
{%- endmacro %}
