{#-
    SQL of a column of an entity, read from text: as its type, and, where base is searched by it, no
    longer than an index holds (`bounded_text`).

    Args: text: SQL of the text; type; format: see `parse`; is_looked_up: whether base is searched
        by it.
-#}
{% macro typed_column(text, type, format, is_looked_up) -%}
    {%- set value = trustgate.parse(text, type, format) -%}
    {%- set name = type | string | lower -%}
    {%- if is_looked_up and name == 'text' -%}
        case when octet_length({{ text }}) <= 2000 then {{ value }}
        else {{ trustgate.quality_schema() }}.bounded_text({{ value }}) end
    {%- elif is_looked_up and name == 'numeric' -%}
        case when octet_length({{ text }}) <= 2000 then {{ value }} end
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}
