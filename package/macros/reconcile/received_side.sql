{#-
    The side of a reconciliation that an entity's records as received are: promotable records of raw, each column
    read as base reads it, declared formats and corrections included.

    Args: entity; columns: mapping of names to types, as its base has them.
    Returns: mapping that `reconcile_rows` takes as a side.
-#}
{% macro received_side(entity, columns) -%}
    {%- set read = {} -%}
    {%- for column, type in columns.items() -%}
        {%- do read.update({column: trustgate.parse(trustgate.as_corrected(column), type, trustgate.format_of(entity, column))}) -%}
    {%- endfor -%}
    {{ return({'relation': 'raw_' ~ entity, 'entity': entity, 'records': 'promotable', 'columns': read, 'is_unique': true}) }}
{%- endmacro %}
