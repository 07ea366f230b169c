{#-
    Relation of a model of the pipeline, by name: of the root project, except for the two
    reconciliations that every pipeline has. The ref names the project, so that dbt neither finds
    another package's model of the same name nor warns.
-#}
{% macro project_ref(name) -%}
    {%- set is_ours = name in ('recon_chain', 'recon_balance') -%}
    {{ return(ref('trustgate' if is_ours else project_name, name)) }}
{%- endmacro %}
