{#- Tables in which base records served requests and attempts, as migration 1 creates them. -#}
{% macro tables_of_attempts_1(schema) -%}
create table if not exists {{ schema }}.served_requests (
    request_id uuid not null,
    entity text,
    run_id text,
    served_at timestamptz,
    constraint served_requests_pkey primary key (request_id)
);
create table if not exists {{ schema }}.retry_attempts (
    dataset text,
    entity text,
    record_key text,
    record_id uuid not null,
    attempt integer,
    run_id text not null,
    attempted_at timestamptz not null,
    constraint retry_attempts_pkey primary key (run_id, record_id)
);
{%- endmacro %}
