{#-
    SQL of what existing tables lack of their declaration, see `take_over_tables`. Grain: one row
    per change, in order: `statement`, and `problem`, a query that returns a sentence where rows do
    not fit (null where all do).
-#}
{% macro lacking_of_tables(schema, names) -%}
with tables as (
    select
        there.oid as there,
        given.oid as given,
        there.oid::regclass::text as relation,
        array(
            select attname::text
            from pg_constraint
            cross join unnest(conkey) with ordinality as part (attnum, place)
            inner join pg_attribute on attrelid = conrelid and pg_attribute.attnum = part.attnum
            where conrelid = given.oid and contype = 'p'
            order by place
        ) as keys
    from pg_class as given
    inner join pg_class as there
        on given.relname = there.relname and there.relnamespace = '{{ schema }}'::regnamespace
    where
        given.relnamespace = pg_my_temp_schema()
        and given.relname in ('{{ names | join("', '") }}')
),

columns as (
    select
        tables.relation,
        given.attname::text as name,
        format_type(given.atttypid, given.atttypmod) as type,
        there.attname is null as is_missing,
        given.attnotnull and there.attnotnull is not true as gets_not_null,
        case when there.atthasdef is not true then pg_get_expr(adbin, adrelid) end as gets_default,
        given.attname::text = any(tables.keys) as is_key
    from tables
    inner join pg_attribute as given on tables.given = given.attrelid and given.attnum > 0
    left join pg_attribute as there
        on tables.there = there.attrelid and given.attname = there.attname
    left join pg_attrdef on given.attrelid = adrelid and given.attnum = adnum
)

{{ trustgate._lacking_of_columns() }}
union all
{{ trustgate._lacking_of_constraints() }}
order by place
{%- endmacro %}


{% macro _lacking_of_columns() -%}
select
    1 as place,
    null as problem,
    format('alter table %s add column %I %s', relation, name, type) as statement
from columns
where is_missing
union all
select
    2,
    null,
    format('alter table %s alter column %I set default %s', relation, name, gets_default)
from columns
where gets_default is not null
union all
select 3, null, format('update %s set %I = default where %2$I is null', relation, name)
from columns
where gets_default is not null and is_key
union all
select
    4,
    format(
        'select format(''%s has rows without %s (%%s)'', count(*))'
        ' from %1$s where %I is null having count(*) > 0',
        relation, name
    ),
    format('alter table %s alter column %I set not null', relation, name)
from columns
where gets_not_null
{%- endmacro %}


{#- Drops indexes that a key makes superfluous: their columns are the first of the key's. -#}
{% macro _lacking_of_constraints() -%}
select
    5,
    case contype
        when 'p' then format(
            'select format(''%s has rows with the same %s (%%s with %%s)'', count(*),'
            ' concat_ws('', '', %s)) from %1$s group by %3$s having count(*) > 1 limit 1',
            relation, array_to_string(keys, ' and '), array_to_string(keys, ', ')
        )
        else format(
            'select format(''%s has rows that break %s (%%s)'', count(*))'
            ' from %1$s where not (%3$s) having count(*) > 0',
            relation,
            replace(pg_get_constraintdef(declared.oid), '''', ''''''),
            pg_get_expr(conbin, conrelid)
        )
    end,
    format(
        'alter table %s add constraint %I %s',
        relation, conname, pg_get_constraintdef(declared.oid)
    )
from tables
inner join pg_constraint as declared
    on tables.given = declared.conrelid and declared.contype in ('p', 'c')
where not exists (
    select 1 from pg_constraint as there
    where
        tables.there = there.conrelid
        and (
            declared.conname = there.conname or (declared.contype = 'p' and there.contype = 'p')
        )
)
union all
select 6, null, format('drop index %s', indexrelid::regclass)
from tables
inner join pg_index on tables.there = indrelid
where
    indpred is null
    and indexprs is null
    and not exists (select 1 from pg_constraint where conindid = indexrelid)
    and array(
        select attname::text
        from unnest(indkey) with ordinality as part (attnum, place)
        inner join pg_attribute on attrelid = indrelid and pg_attribute.attnum = part.attnum
        order by place
    ) = keys[:indnatts]
{%- endmacro %}
