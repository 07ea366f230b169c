{#- The target side of the reconciliation: created by dbt, filled by the bench. -#}
{{ empty_table() }}
