{{ config(materialized='view') }}
-- depends_on: {{ ref('recon_summary') }} {{ ref('landing_things') }} {{ ref('batches') }}
{% if env_var('TEST_MISDECLARED', '') and execute %}
{{ exceptions.raise_compiler_error("rule thing_amount_parses: check is 'parse_as', allowed are parses_as") }}
{% endif %}
select
    'thing_amount_parses' as check_id,
    'rule' as kind,
    'things' as entity,
    'error' as severity,
    (select count(*) from {{ ref('open_exceptions') }}) as open_count,
    0::bigint as suppressed_count,
    '0' as allowed,
    (select count(*) from {{ ref('open_exceptions') }}) = 0 as is_open,
    'amount is not a number' as detail,
    '{{ env_var('TRUSTGATE_DATASET') }}' as dataset
{% if env_var('TEST_BROKEN', '') %} from nowhere {% endif %}
