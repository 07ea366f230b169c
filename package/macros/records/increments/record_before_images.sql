{#-
    Statements of `converge` on base: record the before images of its records and which batches are
    new to it and, where anything changed, delete what every layer has processed.
-#}
{% macro record_before_images(entity, changes) -%}
    {%- set images = trustgate.bookkeeping('former_records') -%}
    insert into {{ images }} (entity, _dataset, _batch_id, _record_id, _check_seq, record)
    select '{{ entity }}', _dataset, _batch_id, _record_id, _check_seq, _before_image
    from {{ changes }}
    where _before_image is not null
    union all
    select distinct '{{ entity }}', _dataset, _batch_id, null::uuid, _check_seq, null::jsonb
    from {{ changes }}
    where not _existed;
    delete from {{ images }}
    where
        entity = '{{ entity }}'
        and _check_seq <= (
            select min(check_seq)
            from {{ trustgate.bookkeeping('layer_progress') }}
            where entity = '{{ entity }}'
        )
        and (select exists (select 1 from {{ changes }}));
{%- endmacro %}
