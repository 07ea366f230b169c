{#-
    The compared columns of a reconciliation, validated: list of mappings with name, tolerance (SQL
    of the greatest difference, or none), normalise (list) and same (SQL over `source` and `target`,
    never null).

    The difference less its tolerance is compared with 0, and computed only where values differ. For
    NaN the tolerance is NaN too, which is greater than 0.
-#}
{% macro compared_columns(here, compare) -%}
    {%- set compared, functions = [], trustgate.quality_schema() -%}
    {%- for name in compare -%}
        {%- if modules.re.fullmatch('_row_count|_of_batch|key_[0-9]+', name | string) -%}
            {{ exceptions.raise_compiler_error(
                here ~ ": compare names '" ~ name ~ "', which a reconciliation uses itself; "
                'give it another name in the `columns` of both sides'
            ) }}
        {%- endif -%}
        {%- set how = (compare[name] if compare is mapping else none) or {} -%}
        {%- set how = {'tolerance': how} if how is not mapping else how -%}
        {%- do trustgate.validate(here ~ ', column ' ~ name, 'compared_column', how) -%}
        {%- set tolerance = none -%}
        {%- if how.get('tolerance') is not none -%}
            {%- set expected = functions ~ '.measure(source.' ~ name ~ ')' -%}
            {%- set tolerance = trustgate.tolerance(how.tolerance, expected) -%}
        {%- endif -%}
        {%- set same -%}
            ({{ functions }}.same_value(source.{{ name }}, target.{{ name }})
            {%- if tolerance is not none %} or coalesce(abs(
                {{- trustgate.column_difference(name) }}) - {{ tolerance }} <= 0, false)
            {%- endif -%}
            {%- if how.get('ignore_null') %} or source.{{ name }} is null
            {{- ' ' }}or target.{{ name }} is null
            {%- endif -%}
            )
        {%- endset -%}
        {%- do compared.append({
            'name': name,
            'tolerance': tolerance,
            'normalise': how.get('normalise') or [],
            'same': same,
        }) -%}
    {%- endfor -%}
    {{ return(compared) }}
{%- endmacro %}
