{#- Counts, amounts and hashes of each batch from its control to the candidates: every link with the one before it. -#}
{{ trustgate.reconcile_chain() }}
