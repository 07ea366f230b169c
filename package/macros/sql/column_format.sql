{#-
    Format of a column: the keys of its entity's declaration that matter for its type; none where
    they are the default. As declared; `declared_formats` validates them.

    Args: meta: `config: meta:` of the base model; column, type: of the column.
    Returns: mapping for `parse`, or none: for numbers decimal_mark (`.`, `,` or `.,` where either
        may occur), or implied_decimals and sign, and number_forms where there are any; for dates
        and times timestamp_formats and time_zone.
-#}
{% macro column_format(meta, column, type) -%}
    {%- set own = (meta.get('formats') or {}).get(column) or {} -%}
    {%- set name = (type or 'text') | string | lower -%}
    {%- set is_date = name == 'date' -%}
    {%- if is_date or name == 'timestamptz' -%}
        {%- set forms = own.get('timestamp_formats') or meta.get('timestamp_formats')
            or ['iso', 'us'] -%}
        {%- set zone = 'UTC' if is_date
            else own.get('time_zone') or meta.get('time_zone') or 'UTC' -%}
        {%- if forms | sort != ['iso', 'us'] or zone != 'UTC' -%}
            {%- set forms = trustgate._forms_of(forms, is_date) -%}
            {{ return({'timestamp_formats': forms, 'time_zone': zone}) }}
        {%- endif -%}
    {%- elif name.startswith('numeric') or name in ('integer', 'bigint') -%}
        {%- set marks = own.get('decimal_mark') or meta.get('decimal_mark') or '.' -%}
        {%- set mark = marks if marks is string else marks | sort(reverse=true) | join -%}
        {%- set sign = own.get('sign', 'leading') -%}
        {%- set forms = own.get('number_forms') or meta.get('number_forms') -%}
        {%- set written = {'number_forms': forms} if forms else {} -%}
        {%- if own.get('implied_decimals') or sign != 'leading' -%}
            {%- set implied = own.get('implied_decimals') or 0 -%}
            {{ return(dict(written, implied_decimals=implied, sign=sign)) }}
        {%- elif mark != '.' or written -%}
            {{ return(dict(written, decimal_mark=mark)) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}


{#- The forms that a column takes: a date takes none with a time of day. -#}
{% macro _forms_of(forms, is_date) -%}
    {%- set found = [] -%}
    {%- for form in forms if not (is_date and 'HH24' in form) -%}
        {%- do found.append(form) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
