{#- Created and documented by dbt, written by people and the runner. -#}
{{ config(
    post_hook="create unique index if not exists exception_work_exception_id
        on {{ this }} (exception_id)",
) }}
{{ trustgate.empty_table() }}
