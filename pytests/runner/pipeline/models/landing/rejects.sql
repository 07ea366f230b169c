{{ config(schema='quality') }}
select
    null::text as batch_id,
    null::bigint as row_number,
    null::text as reason,
    null::text as raw_line,
    null::bigint as line_number,
    null::text as detail
where false
