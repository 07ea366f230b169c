{#-
    sql_header of a statement over many rows of which few remain or each is costly: the planner, which
    expects the opposite, would not let parallel workers hand their rows over. Parents to look up may take
    32 MB a worker (with `work_mem` as it comes), before whole records are written to disk to meet them.
-#}
{% macro parallel_plan() -%}
    set local parallel_tuple_cost = 0;
    set local parallel_setup_cost = 0;
    set local hash_mem_multiplier = 8;
{%- endmacro %}
