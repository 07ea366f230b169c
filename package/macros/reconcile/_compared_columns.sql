{#-
    The compared columns of a reconciliation, validated: list of mappings with name, tolerance (SQL
    of the greatest difference, or none), normalise (list) and same (SQL over `source` and `target`,
    never null).

    The difference less its tolerance is compared with 0, and computed only where values differ. For
    NaN the tolerance is NaN too, which is greater than 0.
-#}
{% macro _compared_columns(here, compare) -%}
    {%- set compared = [] -%}
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
            {%- set expected = 'source.' ~ name ~ '::text::numeric' -%}
            {%- set tolerance = trustgate.tolerance(how.tolerance, expected) -%}
        {%- endif -%}
        {%- set same -%}
            (source.{{ name }} is not distinct from target.{{ name }}
            {%- if tolerance is not none %} or coalesce(abs(
                {{- trustgate._distance(name) }}) - {{ tolerance }} <= 0, false)
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


{#-
    SQL of target less source of a column, as numeric: of any size, infinite where one of them is,
    and exact, so that 1.01 less 1 is 0.01 for floats too; for dates, in days. The type is unknown
    here, and only a cast to text works for each.
-#}
{% macro _distance(name) -%}
    {%- set measures = [] -%}
    {%- for value in ['target.' ~ name, 'source.' ~ name] -%}
        {%- do measures.append(
            'case when pg_typeof(' ~ value ~ ") = 'date'::regtype then extract(julian from "
            ~ value ~ '::text::date) else ' ~ value ~ '::text::numeric end'
        ) -%}
    {%- endfor -%}
    {{ return('(' ~ measures | join(' - ') ~ ')') }}
{%- endmacro %}


{#- SQL of a value with its normalisers applied, in the order given. -#}
{% macro _normalised(value, normalisers) -%}
    {%- set written = namespace(sql=value) -%}
    {%- for name in normalisers -%}
        {%- if name == 'collapse_spaces' -%}
            {%- set written.sql = "regexp_replace(" ~ written.sql ~ ", '\\s+', ' ', 'g')" -%}
        {%- else -%}
            {%- set written.sql = {'trim': 'btrim'}.get(name, name) ~ '(' ~ written.sql ~ ')' -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(written.sql) }}
{%- endmacro %}
