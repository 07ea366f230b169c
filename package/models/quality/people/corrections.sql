{#- Created and documented by dbt, written by people and the runner. -#}
{{ config(indexes=[{'columns': ['record_key']}]) }}
{{ trustgate.empty_table() }}
