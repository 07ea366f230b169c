{#-
    SQL of the gate's check that the current rules have evaluated every latest record. A verdict
    belongs to the rules that made it: where a rule was renamed, removed or made stricter, it says
    nothing until the record is evaluated again. With `meta: gate: {stale_rules: allow}` the check
    only warns.
-#}
{% macro gate_checks_rules(entity) -%}
{%- set gate = trustgate.meta_of('base_' ~ entity).get('gate') or {} -%}
{%- set allows_stale = gate.get('stale_rules') == 'allow' -%}
select
    '{{ entity }}_stale_rules',
    'freshness',
    '{{ entity }}',
    '{{ 'WARNING' if allows_stale else 'ERROR' }}',
    stale.record_count,
    0,
    {{ 'null' if allows_stale else '0' }},
    {{ 'true' if allows_stale else 'stale.record_count = 0' }},
    case
        when stale.record_count > 0
            then stale.record_count || ' records of {{ entity }} were evaluated by other rules: '
                || 'runner reprocess --stale-rules'
        else 'every record of {{ entity }} was evaluated by the current rules'
    end
from (
    {{ trustgate._stale_rules(entity) | indent(4) }}
) as stale
{%- endmacro %}


{#-
    SQL of the number of latest records that were evaluated by other rules. It steps from version to
    version through base's index.
-#}
{% macro _stale_rules(entity) -%}
{%- set base = trustgate.project_ref('base_' ~ entity) -%}
with recursive versions as (
    (select min(_rules_version) as rules_version from {{ base }})
    union all
    select (
        select min(_rules_version) from {{ base }} where _rules_version > versions.rules_version
    )
    from versions
    where versions.rules_version is not null
)

select
    coalesce(
        sum((
            select count(*)
            from {{ base }}
            where
                _rules_version = versions.rules_version
                and _dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
                and _is_latest
        )), 0
    )::bigint as record_count
from versions
where rules_version <> (
    select max(rules_version) from {{ ref('trustgate', 'dq_rules') }} where entity = '{{ entity }}'
)
{%- endmacro %}
