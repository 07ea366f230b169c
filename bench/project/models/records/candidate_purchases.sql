{#- Where a pipeline would publish purchases from; not measured. -#}
{{ config(materialized='view') }}

select
    *,
    null::text as reconciliation_status,
    null::timestamptz as reconciled_at
from {{ ref('stg_purchases') }}
