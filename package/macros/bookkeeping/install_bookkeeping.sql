{#-
    Statement that brings the bookkeeping tables (`source('trustgate', …)`: those that loads, users,
    layers and runs write) to the version this code knows. With nothing to do, it is one round trip
    and takes no lock.

    `schema_migrations` has a row for each migration applied; its greatest version is that of the
    tables. Migrations are applied in order, each once, all in the transaction of this statement:
    where one fails, the tables stay as they were. Of two concurrent invocations, one waits.
    Raises: an error where the tables have a newer version than this code knows.
-#}
{% macro install_bookkeeping() -%}
    {%- set schema = trustgate.quality_schema() -%}
    {%- set migrations = trustgate.bookkeeping_migrations() -%}
    {%- set newest = migrations | length -%}
    do $bookkeeping$
    declare
        installed integer := 0;
        lacking record;
        problem text;
    begin
        if to_regclass('{{ schema }}.schema_migrations') is not null then
            select coalesce(max(version), 0) into installed from {{ schema }}.schema_migrations;
        end if;
        if installed > {{ newest }} then
            raise exception 'bookkeeping: the tables in schema {{ schema }} have version %, and %',
                installed, 'this version of Trustgate knows versions up to {{ newest }}. '
                'Install the one that wrote them.';
        end if;
        if installed = {{ newest }} then
            return;
        end if;
        set local client_min_messages = warning;
        perform pg_advisory_xact_lock(hashtext('trustgate bookkeeping'), hashtext('{{ schema }}'));
        -- `create schema if not exists` needs the right to create one even where it exists.
        if to_regnamespace('{{ schema }}') is null then
            create schema if not exists {{ schema }};
        end if;
        create table if not exists {{ schema }}.schema_migrations (
            version integer primary key,
            description text not null,
            run_id text not null,
            applied_at timestamptz not null
        );
        select coalesce(max(version), 0) into installed from {{ schema }}.schema_migrations;
        {%- for migration in migrations %}
        if installed < {{ loop.index }} then
            {{ migration.statements | indent(12) }}
            insert into {{ schema }}.schema_migrations (version, description, run_id, applied_at)
            values (
                {{ loop.index }},
                {{ trustgate.literal(migration.description) }},
                '{{ invocation_id }}',
                now()
            );
        end if;
        {%- endfor %}
    end
    $bookkeeping$
{%- endmacro %}
