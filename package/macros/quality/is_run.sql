{#-
    Whether this invocation is a run: `build` or `run` of more than the tables that loads and users
    write to.
-#}
{% macro is_run() -%}
    {%- if flags.WHICH not in ('build', 'run') -%}
        {{ return(false) }}
    {%- endif -%}
    {%- for selected in selected_resources -%}
        {%- if 'intake' not in (graph.nodes.get(selected) or {}).get('tags', []) -%}
            {{ return(true) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(selected_resources | length == 0) }}
{%- endmacro %}
