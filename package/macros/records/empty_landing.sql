{#-
    Statements that end raw's transaction: they remove from landing the batches that raw has taken.
    Slices (tables that inherit from landing, with their batch as comment) are dropped, at no cost
    however large. A comment has another collation than a column: without `collate`, no index on the
    column would serve.
-#}
{% macro empty_landing(entity) -%}
    delete from only {{ trustgate.project_ref('landing_' ~ entity) }} as landing
    using (
        select batches.batch_id
        from {{ trustgate.bookkeeping('batches') }} as batches
        where
            batches.entity = '{{ entity }}'
            and exists (
                select 1
                from only {{ trustgate.project_ref('landing_' ~ entity) }} as waiting
                where waiting._batch_id = batches.batch_id
            )
            and {{ trustgate.holds_batch(this, 'batches.batch_id') }}
    ) as taken
    where landing._batch_id = taken.batch_id;
    do $slices$
    declare
        slice record;
    begin
        for slice in
            select
                inhrelid::regclass as name,
                obj_description(inhrelid, 'pg_class') collate "default" as batch_id
            from pg_inherits
            where inhparent = '{{ trustgate.project_ref('landing_' ~ entity) }}'::regclass
        loop
            if {{ trustgate.holds_batch(this, 'slice.batch_id') }} then
                execute format('drop table %s', slice.name);
            end if;
        end loop;
    end
    $slices$
{%- endmacro %}
