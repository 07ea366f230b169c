{#- SQL of the attempts that a rule allows. -#}
{% macro max_retries(entity, rule) -%}
    {%- set meta = trustgate.meta_of('base_' ~ entity) -%}
    {%- set everywhere = env_var('TRUSTGATE_MAX_RETRIES', '') -%}
    {%- set own = [] if everywhere
        else (meta.get('rules') or []) | selectattr('max_retries', 'defined') | list -%}
    {%- set default = meta.get('max_retries', trustgate.setting('max_retries')) -%}
    {%- set default = (everywhere or default) | int -%}
    {%- if own -%}
        case {{ rule }}
        {%- for declared in own %}
        when '{{ declared.id }}' then {{ declared.max_retries | int }}
        {%- endfor %}
        else {{ default }} end
    {%- else -%}
        {{ default }}
    {%- endif -%}
{%- endmacro %}
