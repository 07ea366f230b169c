{#-
    An expression with `received.column`, the text that a column was read from, written as base's SQL names it.

    Raises: a compiler error for a column that is not known.
-#}
{% macro as_received_text(here, expression, columns) -%}
    {%- for column in modules.re.findall('(?<![.\\w])received\\.(\\w+)', expression | string) -%}
        {%- do trustgate.refuse_unknown_word(here, 'received', column, columns.keys() | list) -%}
    {%- endfor -%}
    {{ return(modules.re.sub('(?<![.\\w])received\\.(\\w+)', '_received_\\1', expression | string)) }}
{%- endmacro %}
