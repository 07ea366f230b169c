{#-
    Materialization `stable_view`: a view that is replaced in place where its text changed.

    dbt's own materialization swaps the view for a new one and drops the old one with everything
    that reads it: for a moment, and permanently after a kill, the gate would not exist. Replacing
    needs the same columns, or more at the end; where they changed, the view is dropped and created
    in one transaction.
-#}
{% materialization stable_view, adapter='postgres' %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing_relation is not none and not existing_relation.is_view -%}
        {%- do adapter.drop_relation(existing_relation) -%}
    {%- endif -%}
    {% call statement('main') -%}
        select {{ trustgate.pinned_settings() | indent(8) }};
        {{ trustgate._replace_changed_view(target_relation, sql) }}
    {%- endcall %}
    {%- set is_revoked = should_revoke(existing_relation, full_refresh_mode=True) -%}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=is_revoked) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#-
    Statement that replaces a view unless PostgreSQL shows the same text for the new one. Replacing
    waits for every transaction that has read the view, and whoever reads it next waits behind: it
    asks for a second at a time, and gives up after `lock_wait_seconds`.
    Raises: lock_not_available with the sessions that were waited for.
-#}
{% macro _replace_changed_view(relation, sql) -%}
    {%- set tag = 'view_' ~ local_md5(sql) -%}
    {%- set wanted = 'trustgate_view_' ~ local_md5(relation | string) -%}
    do $replace$
    declare
        definition constant text := ${{ tag }}$(
{{ sql }}
)${{ tag }}$;
        until constant timestamptz :=
            clock_timestamp() + make_interval(secs => {{ trustgate.setting('lock_wait_seconds') }});
        before constant text := current_setting('lock_timeout');
        is_same boolean;
        readers text;
    begin
        if to_regclass('{{ relation }}') is not null then
            execute 'create temporary view {{ wanted }} as ' || definition;
            is_same := pg_get_viewdef('pg_temp.{{ wanted }}'::regclass)
                = pg_get_viewdef('{{ relation }}'::regclass);
            drop view pg_temp.{{ wanted }};
            if is_same then
                return;
            end if;
        end if;
        loop
            begin
                set local lock_timeout = '1s';
                begin
                    execute 'create or replace view {{ relation }} as ' || definition;
                exception when invalid_table_definition then
                    drop view {{ relation }} cascade;
                    execute 'create view {{ relation }} as ' || definition;
                end;
                perform set_config('lock_timeout', before, true);
                return;
            exception when lock_not_available then
                {{ trustgate._find_readers(relation) | indent(16) }}
                if clock_timestamp() > until then
                    raise exception using errcode = 'lock_not_available', message = format(
                        'trustgate waited {{ trustgate.setting('lock_wait_seconds') }} seconds to '
                        'replace %s, which is in use by %s', '{{ relation }}', readers
                    );
                end if;
                -- Readers that came in the meantime go first.
                perform pg_sleep(0.2);
            end;
        end loop;
    end
    $replace$
{%- endmacro %}


{#- Statement that describes, in `readers`, the sessions with a lock on a view or its readers. -#}
{% macro _find_readers(relation) -%}
with recursive affected (relation) as (
    select '{{ relation }}'::regclass::oid
    union
    select rules.ev_class
    from affected
    inner join pg_depend as uses
        on uses.refclassid = 'pg_class'::regclass and uses.refobjid = affected.relation
    inner join pg_rewrite as rules
        on uses.classid = 'pg_rewrite'::regclass and uses.objid = rules.oid
)

select
    string_agg(
        concat(
            'process ', holders.pid, ' (',
            coalesce(nullif(activity.application_name, ''), 'unknown program'),
            ' of ' || activity.usename, ' from ' || activity.client_addr,
            to_char(
                activity.xact_start at time zone 'UTC',
                '", in a transaction since" YYYY-MM-DD HH24:MI:SS "UTC"'
            ), ')'
        ),
        ', ' order by holders.pid
    )
into readers
from (
    select distinct pid
    from pg_locks
    where
        locktype = 'relation'
        and granted
        and pid <> pg_backend_pid()
        and database = (select oid from pg_database where datname = current_database())
        and relation in (select affected.relation from affected)
) as holders
left join pg_stat_activity as activity on holders.pid = activity.pid;
{%- endmacro %}
