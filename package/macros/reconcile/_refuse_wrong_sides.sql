{#- Raises where a side has words, records or booleans that are not allowed. -#}
{% macro _refuse_wrong_sides(here, sides, words) -%}
    {%- for side in sides.values() -%}
        {%- do trustgate.refuse_unknown_words(here, side, words) -%}
        {%- do trustgate.refuse_unknown_word(here, 'records', side.get('records', 'all'), ['all', 'received', 'latest', 'promotable']) -%}
        {%- for word in ['many', 'is_unique'] -%}
            {%- do trustgate._refuse_no_boolean(here, word, side.get(word, false)) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}


{#- Raises where a word that says yes or no says neither: 'false' in quotes would mean yes. -#}
{% macro _refuse_no_boolean(here, word, value) -%}
    {%- if value is not boolean -%}
        {{ exceptions.raise_compiler_error(here ~ ": " ~ word ~ " is '" ~ value ~ "', allowed are true and false, without quotes") }}
    {%- endif -%}
{%- endmacro %}


{#- Raises where a side has one row for many and a compared column is not one value of them. -#}
{% macro _refuse_compared_rows(here, sides, keys, compared) -%}
    {%- for name, side in sides.items() if trustgate._is_grouped(side) -%}
        {%- set known = keys + (side.get('aggregate') or {}) | list + (side.get('columns') or {}) | list -%}
        {%- for column in compared if column.name not in known -%}
            {{ exceptions.raise_compiler_error(
                here ~ ", column " ~ column.name ~ ": several rows of the " ~ name ~ " may carry a key, so that aggregate must say what is compared; it has "
                ~ ((side.get('aggregate') or {}) | join(', ') or 'none')
            ) }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}


{#- Raises where something named, a metric or a part of the grain, does not say what it is on both sides. -#}
{% macro _refuse_one_sided(here, declared, words) -%}
    {%- for name, how in declared.items() -%}
        {%- if how is not mapping -%}
            {{ exceptions.raise_compiler_error(here ~ " " ~ name ~ ": it is '" ~ how ~ "', allowed is a mapping with source and target") }}
        {%- endif -%}
        {%- do trustgate.refuse_unknown_words(here ~ ' ' ~ name, how, words) -%}
        {%- for side in ['source', 'target'] if not how.get(side) -%}
            {{ exceptions.raise_compiler_error(here ~ " " ~ name ~ ": " ~ side ~ " is missing; it needs source and target") }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
