{#-
    SQL of target less source of a column, as numeric: of any size, infinite where one of them is,
    and exact, so that 1.01 less 1 is 0.01 for floats too; for dates in days, for times in seconds
    (`measure`).
-#}
{% macro column_difference(name) -%}
    {%- set measure = trustgate.quality_schema() ~ '.measure' -%}
    {{ return(
        '(' ~ measure ~ '(target.' ~ name ~ ') - ' ~ measure ~ '(source.' ~ name ~ '))'
    ) }}
{%- endmacro %}
