{#-
    SQL of the md5 of what a record says, `received` in raw: its columns as their types, so that
    10.0 and 10.00, or two spellings of one moment, are the same. A text that cannot be read as its
    type counts as it is written, and a column that came later is empty.
-#}
{% macro content_of(declared, columns) -%}
    {%- set values = [] -%}
    {%- for column, type in columns.items() -%}
        {%- set text = 'received.' ~ column -%}
        {%- set value = trustgate.parse(text, type, declared.formats[column]) -%}
        {%- do values.append(value if type | lower == 'text' else (
            'coalesce(' ~ trustgate.record_key([value]) ~ ', ' ~ trustgate.parse(text, 'text') ~ ')'
        )) -%}
    {%- endfor -%}
    {{ return('md5(row(' ~ values | join(', ') ~ ')::text)') }}
{%- endmacro %}
