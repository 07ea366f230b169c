{#- Every rule as declared, from the YAML of the base models. -#}
{{ config(materialized='table') }}

{{ trustgate.declared_rules() }}
