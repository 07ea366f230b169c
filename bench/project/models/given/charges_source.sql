{#- The source side of the reconciliation: created by dbt, filled by the bench. -#}
{{ trustgate.empty_table() }}
