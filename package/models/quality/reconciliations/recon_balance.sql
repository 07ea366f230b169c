{#- Records sent of each batch against the fates of its records: none is lost, none counted twice. -#}
{{ config(enabled=trustgate.is_registered()) }}
{{ trustgate.reconcile_balance() }}
