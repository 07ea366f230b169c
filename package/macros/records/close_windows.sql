{#- Post-hook: closes the windows of all registered entities, see `close_window`. -#}
{% macro close_windows(dataset='*') -%}
    {%- for entity in trustgate.setting('entities') %}
    {{ trustgate.close_window(entity, dataset) }};
    {%- endfor -%}
{%- endmacro %}
