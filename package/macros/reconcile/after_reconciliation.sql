{#- Post-hook of every reconciliation: records how far it has come. -#}
{% macro after_reconciliation() -%}
    {%- if execute and model.config.meta.get('reconciliation') -%}
        {%- for entity in trustgate._followed_entities(model.config.meta.reconciliation) -%}
            {{ trustgate.close_window(entity, trustgate.active_dataset()) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
