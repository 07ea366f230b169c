{#- Tables of users' work on exceptions, as migration 1 creates them. -#}
{% macro tables_of_exceptions_1(schema) -%}
create table if not exists {{ schema }}.exception_work (
    exception_id uuid not null,
    status text,
    episode integer,
    accepted_details jsonb,
    assigned_to text,
    resolution_action text,
    resolution_notes text,
    investigation_notes text,
    investigated_by text,
    investigated_at timestamptz,
    resolved_by text,
    resolved_at timestamptz,
    blocked boolean,
    block_reason text,
    max_retries integer,
    updated_at timestamptz,
    updated_by text,
    retry_requested_at timestamptz,
    version integer,
    constraint exception_work_pkey primary key (exception_id),
    constraint exception_work_status check (
        status in ('NEW', 'ACKNOWLEDGED', 'IN_PROGRESS', 'RESOLVED', 'IGNORED')
    ),
    constraint exception_work_action check (
        resolution_action in ('ACCEPTED', 'CORRECTED', 'REJECTED')
    )
);
create table if not exists {{ schema }}.exception_events (
    exception_id uuid not null,
    event text not null,
    actor text,
    from_status text,
    to_status text,
    note text,
    run_id text,
    occurred_at timestamptz not null default now(),
    details jsonb
);
{%- endmacro %}
