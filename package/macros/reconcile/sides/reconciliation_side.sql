{#-
    A side of a reconciliation, completed: mapping as in `reconcile_rows`.

    Args: given: the mapping, or the name of a model; keys: key columns, none for totals.
    For a layer given by name, the entity is known and all rows of the active dataset are compared;
    of `raw_<entity>` the promotable records, each column read as base reads it, with declared
    formats and corrections.
-#}
{% macro reconciliation_side(given, keys=none) -%}
    {%- if given is mapping -%}{{ return(given) }}{%- endif -%}
    {%- set side = {'relation': given} -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- set candidate = trustgate.setting('candidates').get(entity) -%}
        {%- if given in ('raw_' ~ entity, 'base_' ~ entity, 'stg_' ~ entity, candidate) -%}
            {%- do side.update({'entity': entity}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if keys == ['_record_key'] and not given.startswith('base_') -%}
        {%- do side.update({'is_unique': true}) -%}
    {%- endif -%}
    {%- if side.entity and given == 'raw_' ~ side.entity -%}
        {%- set read, columns = {}, trustgate.declared_columns(side.entity) -%}
        {%- set looked_up = trustgate.looked_up_columns(
            trustgate.meta_of('base_' ~ side.entity), columns
        ) -%}
        {%- for column in columns -%}
            {%- set formats = {column: trustgate.format_of(side.entity, column)} -%}
            {%- do read.update({column: trustgate.typed_column(
                trustgate.as_corrected(column), column, columns,
                {'formats': formats, 'looked_up': looked_up}
            )}) -%}
        {%- endfor -%}
        {%- do side.update({'records': 'promotable', 'columns': read}) -%}
    {%- endif -%}
    {{ return(side) }}
{%- endmacro %}
