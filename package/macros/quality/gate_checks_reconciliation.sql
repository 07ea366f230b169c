{#-
    SQL of the gate's check on one reconciliation: its mismatches, neither suppressed nor accepted,
    and whether it compared anything.

    The reconciliation's `meta:` may set `gate:` (`max_mismatches`, `max_mismatch_rate` of what was
    compared), `severity: WARNING` (never shuts) and `may_be_empty: true`.
-#}
{% macro gate_checks_reconciliation(name, counted) -%}
{%- set meta = trustgate.meta_of(name) -%}
{%- set allowed = trustgate.allowed_count(
    'model ' ~ name, meta.get('gate'), 'max_mismatches', 'compared.compared'
) -%}
{%- set is_warning = meta.get('severity') == 'WARNING' -%}
select
    '{{ name }}' as check_id,
    'reconciliation' as kind,
    '{{ meta.get('entity', '') }}' as entity,
    '{{ meta.get('severity', 'ERROR') }}' as severity,
    coalesce(counted.open_count, 0) as open_count,
    coalesce(counted.suppressed_count, 0) as suppressed_count,
    {{ 'null' if is_warning else allowed }}::bigint as allowed,
    {{ is_warning | string | lower }} or (
        coalesce(counted.open_count, 0) <= {{ allowed }}
        and {{ 'true' if meta.get('may_be_empty') else 'compared.compared > 0' }}
    ) as is_open,
    case
        when compared.compared = 0 and {{ (not meta.get('may_be_empty')) | string | lower }}
            then 'compared nothing'
        else compared.compared || ' compared, ' || compared.mismatched || ' differ'
    end as detail
from (
    select
        coalesce(max(compared), count(*)) as compared,
        coalesce(
            sum(-discrepancy) filter (where metric_name = 'MATCHED'),
            count(*) filter (where not passed)
        ) as mismatched
    from {{ ref('trustgate', 'recon_summary') }}
    where
        reconciliation = '{{ name }}'
        and dataset = {{ trustgate.literal(trustgate.active_dataset()) }}
) as compared
left join {{ counted }} as counted on counted.check_id = '{{ name }}'
{%- endmacro %}
