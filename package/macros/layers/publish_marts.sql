{#-
    Publishes every mart of the project, in the transaction of the mart being built: all of them
    under one reading of the gate, or none. An invocation publishes once: its first mart does it,
    selected or not, and the others find that recorded.

    The candidates are locked against writes before the gate is read, so that what is published is
    what the gate saw.

    Returns: list of the relations of the marts.
-#}
{% macro publish_marts() -%}
    {%- set marts = trustgate.declared_marts() -%}
    {%- call statement('begin', fetch_result=True) %}
        select
            set_config('client_connection_check_interval', '1s', true),
            set_config('jit', 'off', true),
            {{ trustgate.pinned_settings() | indent(12) }},
            {{ trustgate.own_writes() | indent(12) }},
            {{ trustgate.lock_model(ref('trustgate', 'gate')) }};
        select 1
        from {{ trustgate.bookkeeping('gate_readings') }}
        where run_id = '{{ invocation_id }}'
    {%- endcall -%}
    {%- if not load_result('begin').data -%}
        {%- call statement('lock') %}
            set local lock_timeout = '{{ trustgate.setting('lock_wait_seconds') }}s';
            lock table {{ marts | map(attribute='candidate') | join(', ') }} in share mode;
            set local lock_timeout to default;
        {%- endcall -%}
        {#- A statement of its own: the time of the reading is that after the wait. #}
        {%- call statement('publication') %}
            {{ trustgate.begin_publication(marts) }}
        {%- endcall -%}
        {%- for mart in marts -%}
            {%- do trustgate._publish(mart) -%}
        {%- endfor -%}
    {%- else -%}
        {%- call statement('main') -%}select 1 where false{%- endcall -%}
    {%- endif -%}
    {{ return(marts | map(attribute='relation') | list) }}
{%- endmacro %}


{#-
    Builds one mart, or makes it equal to its candidate for the keys that changed. The statement
    that writes the mart of this node is its `main` one, whose rows dbt reports.
-#}
{% macro _publish(mart) -%}
    {%- set writing = 'main' if mart.name == model.name else mart.name -%}
    {%- set found, scope = mart.name ~ '__rows', mart.name ~ '__scope' -%}
    {%- if mart.exists -%}
        {%- call statement('find') %}
            {{ trustgate._mart_scope(mart, scope) }}
            create temporary table {{ found }} on commit drop as (
                select {{ trustgate.published_columns(mart) | join(', ') }}
                from {{ mart.candidate }}
                where ({{ mart['keys'] | join(', ') }}) in (
                    select {{ mart['keys'] | join(', ') }} from {{ scope }}
                )
            );
        {%- endcall -%}
        {%- set columns = trustgate.columns_to_write(mart.relation, found) -%}
        {%- call statement(writing) %}
            {{ trustgate.converge(mart.relation, 'mart', found, mart['keys'], columns, scope) }}
        {%- endcall -%}
    {%- else -%}
        {%- call statement('schema') %}
            {#- dbt's own way commits, and needs the right to create one even where it exists. #}
            do $schema$
            begin
                if to_regnamespace('{{ mart.relation.schema }}') is null then
                    create schema {{ adapter.quote(mart.relation.schema) }};
                end if;
            end
            $schema$
        {%- endcall -%}
        {%- call statement(writing) %}
            create table {{ mart.relation }} as (
                select {{ trustgate.published_columns(mart) | join(', ') }}
                from {{ mart.candidate }}
                where current_setting('trustgate.publish_to') <> '-1'
            );
        {%- endcall -%}
    {%- endif -%}
    {%- call statement('finish') %}
        {{ trustgate.create_missing_indexes(
            mart.relation, [{'columns': mart['keys'], 'unique': true}]
        ) }};
        {{ trustgate.watch_layer(mart.relation, mart.name, mart.entity, mart['keys']) }};
        {{ trustgate.note_restored(
            mart.name, "current_setting('trustgate.publish_to') <> '-1'"
        ) }};
        {{ trustgate.refresh_statistics(mart.relation) }};
        delete from {{ trustgate.bookkeeping('candidate_changes') }}
        where
            candidate = '{{ mart.candidate_name }}'
            and change_id <= current_setting('trustgate.publish_to')::bigint
    {%- endcall -%}
{%- endmacro %}


{#- Statements that stage the keys a mart publishes: changed and altered ones, or all. -#}
{% macro _mart_scope(mart, scope) -%}
    {%- set keys = mart['keys'] -%}
    {%- set changed -%}
        select record_key from {{ trustgate.bookkeeping('candidate_changes') }}
        where
            candidate = '{{ mart.candidate_name }}'
            and change_id <= current_setting('trustgate.publish_to')::bigint
    {%- endset -%}
    {%- set is_whole -%}
        '{{ mart.candidate_name }}' = any(current_setting('trustgate.publish_whole')::text[])
    {%- endset -%}
    create temporary table {{ scope }} on commit drop as
    {%- for relation in (mart.candidate, mart.relation) %}
    select {{ keys | join(', ') }}
    from {{ relation }}
    where {{ trustgate.record_key(keys) }} in ({{ changed }})
    union
    select {{ keys | join(', ') }}
    from {{ relation }}
    where {{ is_whole }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
    union
    select {{ keys | join(', ') }}
    from (
        {{ trustgate.altered_rows(mart.name, mart.relation) | indent(8) }}
    ) as altered
    where current_setting('trustgate.publish_to') <> '-1';
    {#- Rows altered in columns that are not compared are written again as well. #}
    delete from {{ mart.relation }}
    where ({{ keys | join(', ') }}) in (
        select {{ keys | join(', ') }}
        from (
            {{ trustgate.altered_rows(mart.name, mart.relation) | indent(12) }}
        ) as altered
        where current_setting('trustgate.publish_to') <> '-1'
    );
    analyze {{ scope }};
{%- endmacro %}
