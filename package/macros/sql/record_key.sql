{#-
    SQL of a business key as one text: different keys never give the same text, and one key always
    the same, however it was written: 7 and 7.0 are one number (`key_text`).

    Args: columns: SQL expressions, one or more; a single one is returned as text.
    NULL and blank parts: the key is empty and the result NULL (see `is_empty_key`).
-#}
{% macro record_key(columns) -%}
    {%- set as_text = trustgate.quality_schema() ~ '.key_text' -%}
    {%- if columns | length == 1 -%}
        {{ as_text }}({{ columns[0] }})
    {%- else -%}
        {%- for column in columns -%}
            replace(replace({{ as_text }}({{ column }}), '\', '\\'), '|', '\|')
            {%- if not loop.last %} || '|' || {% endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
