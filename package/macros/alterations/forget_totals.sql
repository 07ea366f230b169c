{#- Statements that forget the totals of a layer, so that it is counted again from its rows. -#}
{% macro forget_totals(layer) -%}
    delete from {{ trustgate.bookkeeping('layer_totals') }} where layer = '{{ layer }}';
    delete from {{ trustgate.bookkeeping('rule_totals') }} where layer = '{{ layer }}';
{%- endmacro %}
