{#- Created and documented by dbt, written by people and the runner. -#}
{{ config(indexes=[{'columns': ['exception_id']}]) }}
{{ trustgate.empty_table() }}
