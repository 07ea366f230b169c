{{ config(schema='quality') }}
select
    null::text as batch_id,
    null::text as dataset,
    null::text as entity,
    null::text as source_file,
    null::text as file_sha256,
    null::bigint as expected_count,
    null::numeric as expected_amount,
    null::text as expected_hash,
    null::bigint as loaded_count,
    null::bigint as rejected_count,
    null::bigint as blank_count,
    null::numeric as amount_total,
    null::text as row_hash,
    null::integer as worker_count,
    null::text as status,
    null::timestamptz as loaded_at
where false
