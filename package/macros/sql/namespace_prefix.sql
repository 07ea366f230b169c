{#- Prefix of every schema: `<TRUSTGATE_NAMESPACE>_`, or nothing. -#}
{% macro namespace_prefix() -%}
    {%- set name = env_var('TRUSTGATE_NAMESPACE', '') | trim -%}
    {%- if name and not modules.re.fullmatch('[a-z][a-z0-9_]{0,30}', name) -%}
        {{ exceptions.raise_compiler_error(
            "TRUSTGATE_NAMESPACE is '" ~ name ~ "': it must be lower case letters, digits and"
            ~ " underscores, start with a letter and be no longer than 31 characters"
        ) }}
    {%- endif -%}
    {{ name ~ '_' if name else '' }}
{%- endmacro %}
