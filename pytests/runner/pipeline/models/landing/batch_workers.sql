{{ config(schema='quality') }}
select
    null::text as batch_id,
    null::integer as worker_id,
    null::bigint as records_read,
    null::bigint as records_written,
    null::bigint as batches_written,
    null::bigint as records_rejected,
    null::timestamptz as started_at,
    null::timestamptz as finished_at,
    null::bigint as records_blank
where false
