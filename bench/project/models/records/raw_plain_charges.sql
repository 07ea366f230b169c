{#- The charges once more, for the entity without rules. -#}
{{ config(materialized='view', schema='raw') }}

select * from {{ ref('raw_charges') }}
