{#- Created and documented by dbt, written by base itself (`converge`). -#}
{{ trustgate.empty_table() }}
