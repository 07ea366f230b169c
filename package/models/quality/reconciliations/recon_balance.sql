{#- What was sent of each batch against the fates of its records: nothing is lost, nothing counted twice. -#}
{{ config(enabled=trustgate.is_registered()) }}
{{ trustgate.reconcile_balance() }}
