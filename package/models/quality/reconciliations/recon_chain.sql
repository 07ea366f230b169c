{#- Counts, amounts and hashes of each batch from its control to the candidates, layer against layer. -#}
{{ config(enabled=trustgate.is_registered()) }}
{{ trustgate.reconcile_chain() }}
