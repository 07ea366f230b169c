{#- Compile error unless the argument is a list of at least one item. -#}
{% macro _require_list(test_name, argument, items, value) -%}
{%- if value is string or value is mapping or value is not iterable or not value -%}
    {{ exceptions.raise_compiler_error(
        test_name ~ ": `" ~ argument ~ "` must be specified as a list of " ~ items
        ~ ", at least one. Got: '" ~ value ~ "'."
    ) }}
{%- endif -%}
{%- endmacro %}
