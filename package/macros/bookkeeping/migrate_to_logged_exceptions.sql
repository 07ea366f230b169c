{#- Statement of migration 7: exceptions that users and other programs log. -#}
{% macro migrate_to_logged_exceptions() -%}
    create table {{ trustgate.quality_schema() }}.logged_exceptions (
        exception_id uuid not null,
        dataset text not null,
        entity text not null,
        record_key text not null,
        check_id text not null,
        batch_id text,
        exception_type text not null,
        severity text not null,
        source_layer text,
        source_table text,
        target_layer text,
        target_table text,
        message text not null,
        details jsonb not null,
        occurrences integer not null default 1,
        episode integer not null default 1,
        logged_by text not null,
        first_logged_at timestamptz not null default now(),
        opened_at timestamptz not null default now(),
        last_logged_at timestamptz not null default now(),
        constraint logged_exceptions_pkey primary key (exception_id),
        constraint logged_exceptions_type check (
            exception_type in (
                'PARSE_ERROR', 'VALIDATION_ERROR', 'TRANSFORM_ERROR', 'DQ_FAILURE',
                'RECON_MISMATCH', 'METRIC_DRIFT', 'LOAD_REJECT'
            )
        ),
        constraint logged_exceptions_severity check (
            severity in ('WARNING', 'ERROR', 'CRITICAL')
        ),
        constraint logged_exceptions_names check (
            entity <> '' and record_key <> '' and check_id <> '' and message <> ''
            and logged_by not in ('', 'run')
        )
    );
{%- endmacro %}
