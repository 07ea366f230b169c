{#- Counts, amounts and hashes of each batch from its control to the candidates: every link with the one before it. -#}
{{ config(enabled=trustgate.is_registered()) }}
{{ trustgate.reconcile_chain() }}
