{#- Open exceptions: found in the current data, and not accepted. -#}
{{ trustgate.quality_view() }}

with

exceptions as (select * from {{ ref('trustgate', 'exceptions') }}),

final as (
    select *
    from exceptions
    where is_standing and not is_accepted
)

select * from final
