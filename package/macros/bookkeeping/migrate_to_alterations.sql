{#-
    Statements of migration 4: alterations of layers from outside, and the trigger function that
    records them with the row before and after.

    The function runs with the rights of its owner, so that whoever may alter a layer is recorded.
    Arguments of its triggers: layer, entity, key columns.
-#}
{% macro migrate_to_alterations() -%}
    {%- set schema = trustgate.quality_schema() -%}
    create table {{ schema }}.alterations (
        alteration_id bigint not null generated always as identity,
        layer text not null,
        entity text not null,
        operation text not null,
        dataset text,
        record_key text,
        record_id uuid,
        batch_id text,
        fields text[] not null,
        before jsonb,
        after jsonb,
        found_by text not null,
        altered_by text,
        altered_at timestamptz not null default clock_timestamp(),
        restored_run text,
        restored_at timestamptz,
        constraint alterations_pkey primary key (alteration_id),
        constraint alterations_operation check (
            operation in ('INSERT', 'UPDATE', 'DELETE')
        ),
        constraint alterations_found_by check (found_by in ('trigger', 'comparison'))
    );
    create index on {{ schema }}.alterations (layer) where restored_at is null;
    create index on {{ schema }}.alterations (record_id);
    {{ trustgate._alteration_functions(schema) }}
    alter table {{ schema }}.reprocess_requests drop constraint reprocess_requests_scope;
    alter table {{ schema }}.reprocess_requests add constraint reprocess_requests_scope check (
        scope in ('key', 'batch', 'failed', 'stale_rules', 'all', 'altered')
    );
{%- endmacro %}


{% macro _alteration_functions(schema) -%}
    create function {{ schema }}.changed_fields(before jsonb, after jsonb) returns text[]
    language sql immutable parallel safe as $fields$
        select coalesce(array_agg(name order by name), '{}')
        from (
            select coalesce(one.key, other.key)
            from jsonb_each(coalesce(before, '{}')) as one
            full join jsonb_each(coalesce(after, '{}')) as other on one.key = other.key
            where one.value is distinct from other.value
        ) as changed (name)
    $fields$;
    create function {{ schema }}.note_alteration() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $note$
    declare
        images text := 'select $1, $2';
        before jsonb := case when tg_op in ('UPDATE', 'DELETE') then to_jsonb(old) end;
        after jsonb := case when tg_op in ('UPDATE', 'INSERT') then to_jsonb(new) end;
    begin
        if tg_op = 'TRUNCATE' then
            images := format(
                'select to_jsonb(record), null::jsonb from %s as record', tg_relid::regclass
            );
        end if;
        execute
            'insert into {{ schema }}.alterations ('
            'layer, entity, operation, dataset, record_key, record_id, batch_id, fields, before, '
            'after, found_by, altered_by) '
            'select $3, $4, $5, image ->> ''_dataset'', coalesce('
            '(select string_agg(image ->> key, ''|'' order by place) '
            'from unnest($6) with ordinality as keys (key, place)), '
            'image ->> ''_record_key'', image ->> ''_record_id''), '
            '(image ->> ''_record_id'')::uuid, image ->> ''_batch_id'', '
            '{{ schema }}.changed_fields(before, after), before, after, ''trigger'', session_user '
            'from (select before, after, coalesce(before, after) as image from ('
            || images || ') as images (before, after)) as found'
        using
            before, after, tg_argv[0], tg_argv[1], replace(tg_op, 'TRUNCATE', 'DELETE'),
            tg_argv[2:];
        return null;
    end
    $note$;
{%- endmacro %}
