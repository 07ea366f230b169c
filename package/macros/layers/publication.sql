{#-
    Materialization `publication` of a mart: publishes all marts in one transaction, under one
    reading of the gate, unless an earlier mart of this invocation has.
-#}
{% materialization publication, adapter='postgres' %}
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
