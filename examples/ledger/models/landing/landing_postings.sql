{#- Created and documented by dbt, written by loads. -#}
{{ trustgate.empty_table() }}
