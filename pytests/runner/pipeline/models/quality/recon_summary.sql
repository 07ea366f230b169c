{{ config(materialized='table') }}
select
    '{{ invocation_id }}' as run_id,
    '{{ env_var('TRUSTGATE_DATASET') }}' as dataset,
    'recon_thing_totals' as reconciliation,
    'metric' as kind,
    '{"currency": "BRL"}'::jsonb as grain,
    date '2026-11-02' as metric_date,
    'amount' as metric_name,
    120.00 as expected_value,
    119.98 as actual_value,
    -0.02 as discrepancy,
    '0.01' as tolerance,
    1::bigint as compared,
    '{{ env_var('TRUSTGATE_DATASET') }}' <> 'bad' as passed,
    now() as checked_at
{% if env_var('TEST_SLEEP', '') %} from pg_sleep({{ env_var('TEST_SLEEP') }}) {% endif %}
