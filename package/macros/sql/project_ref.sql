{#-
    The relation of a model of the pipeline, by name: of the root project, but for the two reconciliations that every
    pipeline has. Named with its project, so that dbt neither finds another package's model of the same name nor warns.
-#}
{% macro project_ref(name) -%}
    {{ return(ref('trustgate' if name in ('recon_chain', 'recon_balance') else project_name, name)) }}
{%- endmacro %}
