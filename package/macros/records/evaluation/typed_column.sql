{#-
    SQL of a column of an entity, read from text: as its type, and, where an index holds it, no
    longer than that (`bounded_text`).

    Args: text: SQL of the text; column: name; columns: mapping of the typed columns; declared:
        mapping with formats and looked_up, see `declared_entity`.
-#}
{% macro typed_column(text, column, columns, declared) -%}
    {%- set type, most = columns[column] | string, declared.looked_up.get(column) -%}
    {%- set value = trustgate.parse(text, type, declared.formats[column]) -%}
    {%- if most and type | lower | trim == 'text' -%}
        case when octet_length({{ text }}) > {{ most }}
        then {{ trustgate.quality_schema() }}.bounded_text({{ value }}, {{ most }})
        else {{ value }} end
    {%- elif most and type | lower | trim == 'numeric' -%}
        case when octet_length({{ text }}) <= {{ most }} then {{ value }} end
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}
