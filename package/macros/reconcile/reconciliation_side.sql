{#-
    A side of a reconciliation, complete: mapping as in `reconcile_rows`.

    Args: given: the mapping, or the name of a model; keys: key columns, none for totals. Of a layer given by its name
    the entity is known: of `raw_<entity>` the promotable records are meant, each column read as base reads it, declared
    formats and corrections included; of each layer, all rows of the active dataset.
-#}
{% macro reconciliation_side(given, keys=none) -%}
    {%- if given is mapping -%}{{ return(given) }}{%- endif -%}
    {%- set side = {'relation': given} -%}
    {%- for entity in trustgate.setting('entities') -%}
        {%- if given in ('raw_' ~ entity, 'base_' ~ entity, 'stg_' ~ entity, trustgate.setting('candidates').get(entity)) -%}
            {%- do side.update({'entity': entity}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if keys == ['_record_key'] and not given.startswith('base_') -%}{%- do side.update({'is_unique': true}) -%}{%- endif -%}
    {%- if side.entity and given == 'raw_' ~ side.entity -%}
        {%- set read = {} -%}
        {%- for column, type in trustgate.declared_columns(side.entity).items() -%}
            {%- do read.update({column: trustgate.parse(trustgate.as_corrected(column), type, trustgate.format_of(side.entity, column))}) -%}
        {%- endfor -%}
        {%- do side.update({'records': 'promotable', 'columns': read}) -%}
    {%- endif -%}
    {{ return(side) }}
{%- endmacro %}
