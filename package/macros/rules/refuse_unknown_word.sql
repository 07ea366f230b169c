{#-
    Raises a compiler error where a value is not among those allowed, naming place, argument, value and
    the values allowed.
-#}
{% macro refuse_unknown_word(place, argument, value, allowed) -%}
    {%- if value not in allowed -%}
        {{ exceptions.raise_compiler_error(
            place ~ ": " ~ argument ~ " is '" ~ value ~ "', allowed are " ~ allowed | join(', ')
        ) }}
    {%- endif -%}
{%- endmacro %}
