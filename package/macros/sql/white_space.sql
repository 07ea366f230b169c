{#-
    The characters of a blank value, as the text of an e'' string: white space of Unicode, and the
    byte order mark. The loader has the same set (`blank.py`).
-#}
{% macro white_space() -%}
    {{ return(
        ' \\t\\n\\x0b\\f\\r\\u0085\\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006'
        '\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff'
    ) }}
{%- endmacro %}
