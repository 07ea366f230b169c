{#- What was sent of each batch against the fates of its records: nothing is lost, nothing counted twice. -#}
{{ trustgate.reconcile_balance() }}
