{#-
    Statements of PL/pgSQL that add to existing tables what they lack of a declaration: columns,
    defaults, NOT NULL, primary keys and checks. They change no row, except to fill empty keys that
    have a default. They use the variables `lacking` and `problem` of the block around them.

    The declaration is temporary tables of the same names, which are dropped.

    Args: schema: of the tables; names: list of their names.
    Raises: an error that names a table and what rows of it do not fit.
-#}
{% macro take_over_tables(schema, names) -%}
    for lacking in
        {{ trustgate.lacking_of_tables(schema, names) | indent(8) }}
    loop
        problem := null;
        if lacking.problem is not null then
            execute lacking.problem into problem;
        end if;
        if problem is not null then
            raise exception 'bookkeeping: %. Correct them and run again; nothing was changed.',
                problem;
        end if;
        execute lacking.statement;
    end loop;
    {%- for name in names %}
    drop table pg_temp.{{ name }};
    {%- endfor %}
{%- endmacro %}
