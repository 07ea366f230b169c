{{ config(alias='things') }}
select
    null::text as _batch_id,
    null::bigint as _row_number,
    null::integer as _worker_id,
    null::text as thing_id,
    null::text as amount,
    null::text as note,
    null::jsonb as _extra
where false
