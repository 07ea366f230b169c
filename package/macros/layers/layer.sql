{#-
    Materialization `layer`: a table of Trustgate. The first run and a full refresh build it, every
    other run adjusts it, in one transaction: locks, increments, settings, rows, watermarks, indexes
    and statistics commit together or not at all.

    The macro of a layer puts its kind, and what else there is to know of it, into `meta: layer`.
-#}
{% materialization layer, adapter='postgres' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set is_increment = trustgate.is_increment() -%}
    {%- set built = target_relation if existing is none
        else make_intermediate_relation(target_relation) -%}
    {%- set kind = model.config.meta.layer.kind -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('begin') %}
        {#-
            When its client is gone, the server ends the statement within a second. It compiles
            nothing: that costs seconds and saves none.
        #}
        select
            set_config('client_connection_check_interval', '1s', true),
            set_config('jit', 'off', true),
            {{ trustgate.pinned_settings() | indent(12) }},
            {{ trustgate.own_writes() | indent(12) }},
            {{ trustgate.lock_model(this) }};
        {{ trustgate.begin_layer(kind) }}
        {%- if not is_increment and existing is not none %}
        drop table if exists {{ built }} cascade;
        {%- endif %}
    {%- endcall -%}
    {%- if is_increment -%}
        {%- do trustgate._adjust_layer(kind, sql) -%}
    {%- else -%}
        {%- call statement('main') %}
            {{ config.get('sql_header') or '' }}
            create table {{ built }} as (
                {{ trustgate._select_of(kind, sql) }}
            );
            {#- The swap waits for who reads the table; nothing else has a limit. #}
            set local lock_timeout = '{{ trustgate.setting('lock_wait_seconds') }}s';
        {%- endcall -%}
        {%- if existing is not none -%}
            {%- set replaced = make_backup_relation(target_relation, existing.type) -%}
            {%- do adapter.drop_relation(replaced) -%}
            {%- do adapter.rename_relation(existing, replaced) -%}
            {%- do adapter.rename_relation(built, target_relation) -%}
            {%- do adapter.drop_relation(replaced) -%}
        {%- endif -%}
    {%- endif -%}
    {%- call statement('finish') %}
        set local lock_timeout to default;
        {{ trustgate.create_missing_indexes(this, trustgate.indexes_of_layer(kind)) }};
        {{ trustgate.refresh_statistics(this) }};
        {{ trustgate.finish_layer(kind) }}
    {%- endcall -%}
    {%- set is_revoked = should_revoke(existing, not is_increment) -%}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=is_revoked) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- Runs the statements that adjust an existing layer. -#}
{% macro _adjust_layer(kind, sql) -%}
    {%- set found = trustgate.model_name() ~ '__rows' -%}
    {%- set scope = trustgate.model_name() ~ '__scope' if kind == 'candidate' else none -%}
    {%- call statement('find') %}
        {{ config.get('sql_header') or '' }}
        create temporary table {{ found }} on commit drop as (
            {{ trustgate._select_of(kind, sql, scope) }}
        );
    {%- endcall -%}
    {%- if kind == 'base' and trustgate.is_deep() -%}
        {%- call statement('compare') -%}{{ trustgate.keep_unlike_raw(found) }}{%- endcall -%}
    {%- endif -%}
    {%- set columns = trustgate.columns_to_write(this, found) -%}
    {%- call statement('main') %}
        {%- if kind in ('base', 'candidate', 'reconciliation', 'findings', 'rules') -%}
        {%- set keep_where = model.config.meta.layer.get('keep_where', 'true') %}
        {%- set keys = trustgate.key_of_layer(kind) %}
        {{ trustgate.converge(this, kind, found, keys, columns, scope, keep_where) }}
        {%- else -%}
        insert into {{ this }} ({{ columns | map('tojson') | join(', ') }})
        select {{ columns | map('tojson') | join(', ') }} from {{ found }}
        {%- endif -%}
    {%- endcall -%}
{%- endmacro %}


{#- SQL of the rows that are written: the model's select; in an increment, of affected keys. -#}
{% macro _select_of(kind, sql, scope=none) -%}
    {%- if scope -%}
    {%- set keys = trustgate.key_of_layer(kind) | join(', ') -%}
    select *
    from (
        {{ sql }}
    ) as records
    where ({{ keys }}) in (select {{ keys }} from {{ scope }})
    {%- else -%}
    {{ sql }}
    {%- endif -%}
{%- endmacro %}
