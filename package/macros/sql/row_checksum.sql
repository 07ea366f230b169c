{#-
    SQL of the md5 of a row's content, in hexadecimal. The text form of a row tells NULL from empty
    and quotes separators, so different contents give different texts.

    Args: columns: SQL expressions, in order.
-#}
{% macro row_checksum(columns) -%}
    md5(row({{ columns | join(', ') }})::text)
{%- endmacro %}
