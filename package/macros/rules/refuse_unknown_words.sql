{#- Raises a compiler error where a mapping has an argument that is not among those allowed. -#}
{% macro refuse_unknown_words(place, mapping, allowed) -%}
    {%- for word in mapping -%}
        {%- do trustgate.refuse_unknown_word(place, 'argument', word, allowed) -%}
    {%- endfor -%}
{%- endmacro %}
