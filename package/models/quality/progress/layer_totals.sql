{#- Created and documented by dbt, written as the layers are: see `count_layers`. -#}
{{ trustgate.empty_table() }}
