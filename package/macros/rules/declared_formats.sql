{#-
    How the columns of an entity are written, valid.

    Args: place: for messages; meta: `config: meta:` of the base model, validated but for the single
        columns under `formats`; columns: typed columns.
    Returns: mapping of column to its format for `parse`; columns with none are left out.
    Raises: a compiler error that names the model, the column, the value given and those allowed.
-#}
{% macro declared_formats(place, meta, columns) -%}
    {%- for column, written in (meta.get('formats') or {}).items() -%}
        {%- set here = place ~ ', formats' -%}
        {%- do trustgate.validate_value(here, 'column', column, {'among': columns | list}) -%}
        {%- do trustgate._validate_format(
            here ~ ', column ' ~ column, written, columns[column] | lower | replace(' ', '')
        ) -%}
    {%- endfor -%}
    {%- set formats = {} -%}
    {%- for column, type in columns.items() -%}
        {%- set format = trustgate.column_format(meta, column, type) -%}
        {%- if format and format.get('timestamp_formats') == [] -%}
            {{ exceptions.raise_compiler_error(
                place ~ ': column ' ~ column ~ ' is a date, and all of its timestamp_formats hold '
                'a time of day; declare one without under formats'
            ) }}
        {%- endif -%}
        {%- if format -%}{%- do formats.update({column: format}) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(formats) }}
{%- endmacro %}


{#- Raises where a column of the type cannot be written so. -#}
{% macro _validate_format(here, written, type) -%}
    {%- set family = {
        'date': 'date',
        'timestamptz': 'time',
        'numeric': 'number',
        'integer': 'number',
        'bigint': 'number',
    }.get(type.split('(')[0]) -%}
    {%- if family is none -%}
        {{ exceptions.raise_compiler_error(
            here ~ ": its type is '" ~ type ~ "', allowed are numbers, date and timestamptz"
        ) }}
    {%- endif -%}
    {%- set specified = trustgate.specifications()['format_of_' ~ family] -%}
    {%- do trustgate.validate(here, dict(specified, keys_place=' (' ~ type ~ ')'), written) -%}
    {%- if family == 'number' -%}
        {%- set sized = modules.re.fullmatch('numeric\\(\\d+,(\\d+)\\)', type) -%}
        {%- set most = sized.group(1) | int if sized else 16383 if type == 'numeric' else 0 -%}
        {%- set implied = written.get('implied_decimals', 0) -%}
        {%- do trustgate.validate_value(here, 'implied_decimals', implied, {
            'kind': 'count', 'most': most, 'allowed': 'are 0 to ' ~ most ~ ' for ' ~ type
        }) -%}
        {%- set is_coded = implied or written.get('sign') == 'overpunch' -%}
        {%- if written.decimal_mark is defined and is_coded -%}
            {{ exceptions.raise_compiler_error(
                here ~ ': it needs a decimal_mark, or implied_decimals and sign, and not both'
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
