{#-
    SQL of a grain as one text, in which a NULL part is `\N`. Backslashes in values are doubled, so
    that no value looks like it.
-#}
{% macro grain_key(names) -%}
    {%- for name in names -%}
        {%- set text = "replace(" ~ name ~ "::text, '\\', '\\\\')" -%}
        {%- set text = text if names | length == 1 else 'replace(' ~ text ~ ", '|', '\\|')" -%}
        coalesce({{ text }}, '\N')
        {%- if not loop.last %} || '|' || {% endif -%}
    {%- endfor -%}
{%- endmacro %}
