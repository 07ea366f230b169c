{#-
    SQL of target less source of a column, as numeric: of any size, infinite where one of them is,
    and exact, so that 1.01 less 1 is 0.01 for floats too; for dates, in days. The type is unknown
    here, and only a cast to text works for each.
-#}
{% macro column_difference(name) -%}
    {%- set measures = [] -%}
    {%- for value in ['target.' ~ name, 'source.' ~ name] -%}
        {%- do measures.append(
            'case when pg_typeof(' ~ value ~ ") = 'date'::regtype then extract(julian from "
            ~ value ~ '::text::date) else ' ~ value ~ '::text::numeric end'
        ) -%}
    {%- endfor -%}
    {{ return('(' ~ measures | join(' - ') ~ ')') }}
{%- endmacro %}
