{#- Suppressions in force at this moment: with a ticket, not expired, not revoked. -#}
{{ trustgate.quality_view() }}

select *
from {{ trustgate.bookkeeping('suppressions') }}
where
    nullif(btrim(ticket), '') is not null
    and expires_at > statement_timestamp()
    and created_at <= statement_timestamp()
    and revoked_at is null
