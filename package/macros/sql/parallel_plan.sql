{#-
    sql_header of a statement that reads many rows and returns few, or evaluates costly expressions:
    the planner expects the opposite, and would use no parallel workers. Parents to look up may take
    32 MB per worker (with the default `work_mem`) before whole records are written to disk for the
    join.
-#}
{% macro parallel_plan() -%}
    set local parallel_tuple_cost = 0;
    set local parallel_setup_cost = 0;
    set local hash_mem_multiplier = 8;
{%- endmacro %}
