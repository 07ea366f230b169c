{#-
    SQL of the rows of `former_records` in the increment of an entity.

    Args: entity; of_dataset: SQL condition on the dataset, or empty; kind: `records` for the first
        before image of each record, which is the record when the increment begins; `batches` for
        the batches that were new.
-#}
{% macro before_images_in_increment(entity, of_dataset, kind) -%}
    {%- set of_increment -%}
        entity = '{{ entity }}'
        and {{ trustgate.in_increment(entity) }}{{ of_dataset }}
        and _record_id is {{ 'not ' if kind == 'records' }}null
    {%- endset -%}
    {%- if kind == 'records' -%}
    select distinct on (_record_id) _record_id, _batch_id, record
    from {{ trustgate.bookkeeping('former_records') }}
    where {{ of_increment }}
    order by _record_id, _check_seq
    {%- else -%}
    select _batch_id
    from {{ trustgate.bookkeeping('former_records') }}
    where {{ of_increment }}
    {%- endif -%}
{%- endmacro %}
