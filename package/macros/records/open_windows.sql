{#- Pre-hook: opens the windows of all registered entities, see `open_window`. -#}
{% macro open_windows(dataset='*') -%}
    {%- for entity in trustgate.setting('entities') %}
    {{ trustgate.open_window(entity, [], dataset) }};
    {%- endfor -%}
{%- endmacro %}
