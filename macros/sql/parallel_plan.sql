{#-
    sql_header of a statement over many rows of which few remain or each is costly: the planner, which
    expects the opposite, would not let parallel workers hand their rows over.
-#}
{% macro parallel_plan() -%}
    set local parallel_tuple_cost = 0;
    set local parallel_setup_cost = 0;
{%- endmacro %}
