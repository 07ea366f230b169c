{#- Created and documented by dbt, written by people, the runner and runs. -#}
{{ config(
    post_hook="create index if not exists exception_events_exception_id
        on {{ this }} (exception_id, occurred_at)",
) }}
{{ trustgate.empty_table() }}
