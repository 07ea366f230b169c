{#- Exceptions somebody has to look at: found in the data as it stands, and not accepted. -#}
{{ trustgate.quality_view() }}

with

exceptions as (select * from {{ ref('trustgate', 'exceptions') }}),

final as (
    select *
    from exceptions
    where is_standing and not is_accepted
)

select * from final
