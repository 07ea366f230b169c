{#- Created and documented by dbt, written by base itself. -#}
{{ trustgate.empty_table() }}
