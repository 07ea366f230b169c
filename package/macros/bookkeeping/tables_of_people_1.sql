{#-
    Suppressions, corrections and requests, which users write with the runner or in SQL, as
    migration 1 creates them.
-#}
{% macro tables_of_people_1(schema) -%}
create table if not exists {{ schema }}.suppressions (
    suppression_id text not null default gen_random_uuid(),
    check_id text not null,
    entity text,
    record_key text,
    ticket text not null,
    reason text,
    created_by text,
    created_at timestamptz default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by text,
    constraint suppressions_pkey primary key (suppression_id),
    constraint suppressions_ticket check (ticket <> '')
);
create table if not exists {{ schema }}.corrections (
    correction_id uuid not null default gen_random_uuid(),
    dataset text not null,
    entity text not null,
    record_key text not null,
    record_id uuid not null,
    field text not null,
    old_value text,
    new_value text,
    reason text not null,
    corrected_by text not null,
    corrected_at timestamptz not null default now(),
    reverted_at timestamptz,
    reverted_by text,
    constraint corrections_pkey primary key (correction_id)
);
create table if not exists {{ schema }}.reprocess_requests (
    request_id uuid not null default gen_random_uuid(),
    dataset text not null,
    entity text not null,
    scope text not null,
    record_key text,
    batch_id text,
    reason text,
    requested_by text not null,
    requested_at timestamptz not null default now(),
    constraint reprocess_requests_pkey primary key (request_id),
    constraint reprocess_requests_scope check (
        scope in ('key', 'batch', 'failed', 'stale_rules', 'all')
    ),
    constraint reprocess_requests_key check (scope <> 'key' or record_key is not null),
    constraint reprocess_requests_batch check (scope <> 'batch' or batch_id is not null)
);
{%- endmacro %}
