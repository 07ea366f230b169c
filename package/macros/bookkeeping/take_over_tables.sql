{#-
    Statements of PL/pgSQL that give tables which were there before what they lack of a declaration:
    columns, defaults, NOT NULL, primary keys and checks. No row is changed but for keys that have a
    default and were left empty. Uses the variables `lacking` and `problem` of the block around it.

    The declaration stands in temporary tables of the same names, which are dropped.

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
