{{ config(schema='quality') }}
select
    null::text as batch_id,
    null::bigint as row_number,
    null::text as reason,
    null::text as raw_line
where false
