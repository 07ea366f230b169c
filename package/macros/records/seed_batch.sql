{#-
    SQL of one row: the batch that the active bundled seed of an entity is, with its control figures.

    Args: entity, columns: as in `received_records`; amount: column whose total is the control amount.
-#}
{% macro seed_batch(entity, columns, amount=none) -%}
    {%- set dataset = trustgate.active_dataset() -%}
    select
        'seed-{{ dataset }}-{{ entity }}-' || left(md5(row_hash), 8) as batch_id,
        row_count,
        row_hash,
        amount_total
    from (
        select
            count(*) as row_count,
            {{ trustgate.set_hash('checksum') }} as row_hash,
            sum(amount) as amount_total
        from (
            select
                {{ trustgate.row_checksum(columns) }} as checksum,
                {{ trustgate.parse(amount, 'numeric', trustgate.format_of(entity, amount)) if amount else 'null::numeric' }} as amount
            from {{ trustgate.project_ref(dataset ~ '_' ~ entity) }}
        ) as records
    ) as control
    where row_count > 0
{%- endmacro %}
