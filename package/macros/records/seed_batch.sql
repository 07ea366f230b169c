{#-
    SQL of one row: the active bundled seed of an entity as a batch, with its control figures.

    Args: entity; seed: its relation; amount: column whose total is the control amount.
-#}
{% macro seed_batch(entity, seed, amount=none) -%}
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
                {{ trustgate.row_checksum(trustgate.declared_columns(entity) | list) }} as checksum,
                {%- if amount %}
                {{ trustgate.parse(amount, 'numeric', trustgate.format_of(entity, amount)) }}
                {%- else %}
                null::numeric
                {%- endif %} as amount
            from {{ seed }}
        ) as records
    ) as control
    where row_count > 0
{%- endmacro %}
