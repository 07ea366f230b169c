{#-
    Statement before raw takes new batches: where a user requested it, it undoes the alterations of
    raw, the last one first, from the rows that its trigger kept. There is no layer before raw.

    Where a comparison found the alteration, nothing says what the row held: it is restored once its
    content has its checksum again, and what was done to it since is left.
-#}
{% macro restore_raw(entity) -%}
    {%- set layer = 'raw_' ~ entity -%}
    do $restore$
    declare
        alteration record;
    begin
        if not {{ trustgate.is_restoring(entity) | indent(8) }} then
            return;
        end if;
        for alteration in
            {{ trustgate.open_alterations(layer) | indent(12) }}
                and found_by = 'trigger'
                and not exists (
                    select 1
                    from {{ trustgate.bookkeeping('alterations') }} as earlier
                    where
                        earlier.layer = '{{ layer }}'
                        and earlier.restored_at is null
                        and earlier.found_by = 'comparison'
                        and earlier.record_id = alterations.record_id
                        and earlier.alteration_id < alterations.alteration_id
                )
            order by alteration_id desc
        loop
            {#- The row before may be there: raw takes a seed again that it lacks. #}
            delete from {{ this }} where _record_id in (
                (alteration.after ->> '_record_id')::uuid,
                (alteration.before ->> '_record_id')::uuid
            );
            if alteration.before is not null then
                insert into {{ this }}
                select * from jsonb_populate_record(
                    cast(null as {{ this.include(database=false) }}), alteration.before
                );
            end if;
        end loop;
        {{ trustgate.note_restored(layer, trustgate._is_as_received(entity)) | indent(8) }};
        {{ trustgate.forget_totals(layer) | indent(8) }}
    end
    $restore$
{%- endmacro %}


{#- SQL condition on an alteration of raw: the record has its checksum, or was never received. -#}
{% macro _is_as_received(entity) -%}
    coalesce(
        (
            select layer._checksum = {{ trustgate.checksum_of_content(
                trustgate.counted_layer('raw_' ~ entity), this
            ) | indent(12) }}
            from {{ this }} as layer
            where layer._record_id = alterations.record_id
        ),
        operation = 'INSERT'
    )
{%- endmacro %}
