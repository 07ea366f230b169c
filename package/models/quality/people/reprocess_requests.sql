{#- Created and documented by dbt, written by people and the runner. -#}
{{ config(indexes=[{'columns': ['record_key']}, {'columns': ['batch_id']}]) }}
{{ trustgate.empty_table() }}
