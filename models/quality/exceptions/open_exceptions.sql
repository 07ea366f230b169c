{#- Exceptions somebody has to look at: found in the data as it stands, and not accepted. -#}
{{ config(materialized='stable_view') }}

with

exceptions as (select * from {{ ref('exceptions') }}),

suppressions as (select * from {{ ref('active_suppressions') }}),

final as (
    select
        exceptions.*,
        exists ( -- noqa: LT01, LT06
            select 1
            from suppressions
            where
                suppressions.check_id = exceptions.check_id
                and coalesce(suppressions.entity, exceptions.entity) = exceptions.entity
                and coalesce(suppressions.record_key, exceptions.record_key) = exceptions.record_key
        ) as is_suppressed
    from exceptions
    where exceptions.is_standing and not exceptions.is_accepted
)

select * from final
