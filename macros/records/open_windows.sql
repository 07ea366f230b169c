{#- Pre-hook: opens the windows of all registered entities, see `open_window`. -#}
{% macro open_windows(dataset='*') -%}
    {%- for entity in var('entities') %}
    {{ trustgate.open_window(entity, [], dataset) }};
    {%- endfor -%}
{%- endmacro %}


{#- Post-hook: closes the windows of all registered entities, see `close_window`. -#}
{% macro close_windows(dataset='*') -%}
    {%- for entity in var('entities') %}
    {{ trustgate.close_window(entity, dataset) }};
    {%- endfor -%}
{%- endmacro %}
