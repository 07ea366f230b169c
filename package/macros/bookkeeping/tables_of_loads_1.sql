{#- Tables that the loader writes, as migration 1 creates them. -#}
{% macro tables_of_loads_1(schema) -%}
create table if not exists {{ schema }}.batches (
    batch_id text not null,
    dataset text not null,
    entity text not null,
    source_file text,
    file_sha256 text,
    expected_count bigint,
    expected_amount numeric(38,6),
    expected_hash text,
    loaded_count bigint,
    rejected_count bigint,
    blank_count bigint,
    amount_total numeric(38,6),
    row_hash text,
    worker_count integer,
    status text not null,
    loaded_at timestamptz,
    load_id text,
    size_bytes bigint,
    content_hash text,
    business_date date,
    sender_batch_id text,
    control jsonb,
    differences jsonb,
    extra_columns text[],
    started_at timestamptz,
    failure text,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    constraint batches_pkey primary key (batch_id),
    constraint batches_status check (
        status in ('LOADING', 'LOADED', 'HELD', 'RELEASED', 'REJECTED', 'FAILED')
    )
);
create table if not exists {{ schema }}.batch_workers (
    batch_id text not null,
    worker_id integer not null,
    records_read bigint,
    records_written bigint,
    batches_written bigint,
    records_rejected bigint,
    started_at timestamptz,
    finished_at timestamptz,
    records_blank bigint,
    constraint batch_workers_pkey primary key (batch_id, worker_id)
);
create table if not exists {{ schema }}.rejects (
    batch_id text not null,
    row_number bigint not null,
    reason text not null,
    raw_line text,
    line_number bigint,
    detail text,
    constraint rejects_pkey primary key (batch_id, row_number)
);
{%- endmacro %}
