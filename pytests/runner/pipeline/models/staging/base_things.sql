{{ config(materialized='ephemeral') }}
select thing_id, amount, note from {{ ref('landing_things') }}
