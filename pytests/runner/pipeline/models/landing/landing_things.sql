{{ config(
    alias='things',
    post_hook=[
        "alter table {{ this }} alter column _batch_id set default current_setting('trustgate.batch_id', true)",
        "alter table {{ this }} alter column _row_number set default nextval(current_setting('trustgate.row_number_sequence', true)::regclass)",
        "alter table {{ this }} alter column _worker_id set default 0",
    ],
) }}
select
    null::text as _batch_id,
    null::bigint as _row_number,
    null::integer as _worker_id,
    null::text as thing_id,
    null::text as amount,
    null::text as note
where false
