{#- Payments, typed, with the verdict of twelve rules. -#}
{{ trustgate.base(parents=['purchases']) }}
