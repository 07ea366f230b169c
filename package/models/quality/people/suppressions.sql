{#- Created and documented by dbt, written by people and the runner. -#}
{{ trustgate.empty_table() }}
