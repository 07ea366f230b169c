{#- The same charges, typed, without rules: what base_charges is measured against. -#}
{{ trustgate.base() }}
