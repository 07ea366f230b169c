{#-
    Model `<mart>`: the rows of `candidate_<mart>`, published while the gate is open, without the
    columns that begin with an underscore, provenance excepted (`published_columns`). While the gate
    is shut it stays as it is.

    Args: columns: list of the columns published besides the key; all where not given.

    Marts are published together: the first mart of an invocation publishes all of them.
-#}
{% macro mart(columns=none) -%}
    {%- set candidate = 'candidate_' ~ trustgate.model_name() -%}
    {{ config(
        materialized='mart',
        schema='marts',
        full_refresh=false,
        meta={
            'layer': {'kind': 'mart', 'entities': [], 'candidate': candidate, 'columns': columns},
        },
    ) }}
    {%- do ref('trustgate', 'gate') -%}
    select * from {{ ref(candidate) }}
{%- endmacro %}


{#-
    Materialization `mart`: publishes all marts in one transaction, under one reading of the gate,
    unless an earlier mart of this invocation has.
-#}
{% materialization mart, adapter='postgres' %}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set published = trustgate.publish_marts() -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set is_revoked = should_revoke(existing, full_refresh_mode=false) -%}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=is_revoked) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': published}) }}
{% endmaterialization %}
