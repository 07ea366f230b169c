{#-
    Pre-hook of an increment: settles a set of keys, of which its statement reads more than once, in the
    temporary table `<model>__<name>` of the transaction. Against a CTE: the planner knows how many they are, and
    goes through indexes for the few of an increment and through whole tables for the many of a first load.

    Args: name: of the set; sql: its rows.
-#}
{% macro settle(name, sql) -%}
    {%- if is_incremental() -%}
        set local random_page_cost = 1.1;
        create temporary table {{ model.name }}__{{ name }} on commit drop as
        {{ sql }};
        analyze {{ model.name }}__{{ name }};
    {%- endif -%}
{%- endmacro %}
