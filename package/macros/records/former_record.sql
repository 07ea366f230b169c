{#-
    SQL of what a changed row of base was, as JSON to be read back by `changed_records` and `records_before`; NULL
    where it is new, or neither its values nor its fate change.

    Args: columns: of the model. The rows compared are `standing` and `found`.
-#}
{% macro former_record(columns) -%}
    {%- set noted = ['_record_key', '_version_number', '_is_latest', '_is_duplicate', '_dq_status'] -%}
    {%- for column in columns if not column.startswith('_') -%}{%- do noted.append(column) -%}{%- endfor -%}
    case when standing._record_id is not null and (
        {%- for column in noted %}standing.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
    ) is distinct from (
        {%- for column in noted %}found.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
    ) then (
        select to_jsonb(former)
        from (
            select
                {%- for column in ['_record_id', '_dataset', '_batch_id'] + noted %} standing.{{ adapter.quote(column) }}{{ ',' if not loop.last }}{% endfor %}
        ) as former
    ) end
{%- endmacro %}


{#-
    Statements of `converge` on base: notes what its records were and which batches are new to it, and forgets, where
    anything changed, what every layer has followed since.
-#}
{% macro note_former_records(entity, changes) -%}
    {%- set former = trustgate.bookkeeping('former_records') -%}
    insert into {{ former }} (entity, _dataset, _batch_id, _record_id, _check_seq, record)
    select '{{ entity }}', _dataset, _batch_id, _record_id, _check_seq, _former
    from {{ changes }}
    where _former is not null
    union all
    select distinct '{{ entity }}', _dataset, _batch_id, null::uuid, _check_seq, null::jsonb
    from {{ changes }}
    where not _was_there;
    delete from {{ former }}
    where
        entity = '{{ entity }}'
        and _check_seq <= (select min(check_seq) from {{ trustgate.bookkeeping('layer_progress') }} where entity = '{{ entity }}')
        and (select exists (select 1 from {{ changes }}));
{%- endmacro %}


{#- SQL of the rows of `former_records` in the window of an entity: of records (the first of each, as it was when the window begins), or of batches. -#}
{% macro former_in_increment(entity, of_dataset, kind) -%}
    {%- set in_window -%}
        entity = '{{ entity }}' and {{ trustgate.in_increment(entity) }}{{ of_dataset }} and _record_id is {{ 'not ' if kind == 'records' }}null
    {%- endset -%}
    {%- if kind == 'records' -%}
    select distinct on (_record_id) _record_id, _batch_id, record
    from {{ trustgate.bookkeeping('former_records') }}
    where {{ in_window }}
    order by _record_id, _check_seq
    {%- else -%}
    select _batch_id
    from {{ trustgate.bookkeeping('former_records') }}
    where {{ in_window }}
    {%- endif -%}
{%- endmacro %}
