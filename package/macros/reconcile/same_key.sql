{#- SQL condition of the join: source and target have the same key. -#}
{% macro same_key(keys) -%}
    {% for key in keys -%}
        source.key_{{ loop.index }} = target.key_{{ loop.index }}{{ ' and ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
