{#- Raises where a name cannot stand in the SQL of base: a reserved word of PostgreSQL, or a name that base or stg gives to a column of its own. -#}
{% macro _refuse_taken_names(place, argument, names) -%}
    {%- for name in names if name in trustgate._reserved_words() or name in ('dq_status', 'dq_score') or name.startswith('_') -%}
        {{ exceptions.raise_compiler_error(
            place ~ ': ' ~ argument ~ " is '" ~ name ~ "', which is "
            ~ ('a reserved word of PostgreSQL' if name in trustgate._reserved_words() else 'taken by the columns of a verdict, as are all names that begin with _')
            ~ '; give it another name'
        ) }}
    {%- endfor -%}
{%- endmacro %}


{#- Words that PostgreSQL takes for no column, of any version from 15 on. -#}
{% macro _reserved_words() -%}
    {{ return((
        'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently '
        ~ 'constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user '
        ~ 'default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in '
        ~ 'initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull '
        ~ 'null offset on only or order outer overlaps placing primary references returning right select session_user similar some '
        ~ 'symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with'
    ).split(' ')) }}
{%- endmacro %}
