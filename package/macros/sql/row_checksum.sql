{#-
    SQL of the md5 of a row's content, in hexadecimal. The text form of a row distinguishes NULL
    from empty text and quotes separators, so that different contents give different texts.

    Args: columns: SQL expressions, in order.
-#}
{% macro row_checksum(columns) -%}
    md5(row({{ columns | join(', ') }})::text)
{%- endmacro %}
