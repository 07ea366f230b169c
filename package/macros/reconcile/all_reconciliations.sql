{#- Names of all reconciliations: the registry's, and the two that every pipeline has. -#}
{% macro all_reconciliations() -%}
    {{ return(trustgate.setting('reconciliations') + ['recon_chain', 'recon_balance']) }}
{%- endmacro %}
