{#-
    SQL of a business key as one text: different keys never give the same text.

    Args: columns: SQL expressions, one or more; a single one is returned as text.
    NULL and blank parts: the key is empty and the result NULL (see `is_empty_key`).
-#}
{% macro record_key(columns) -%}
    {%- if columns | length == 1 -%}
        {{ columns[0] }}::text
    {%- else -%}
        {%- for column in columns -%}
            replace(replace({{ column }}::text, '\', '\\'), '|', '\|')
            {%- if not loop.last %} || '|' || {% endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
