{#- Created and documented by dbt, written by the layers themselves. -#}
{{ trustgate.empty_table() }}
