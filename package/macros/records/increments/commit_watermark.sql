{#-
    Statement that records the watermark of this layer, in the transaction that wrote its rows. See
    `begin_increment`.
-#}
{% macro commit_watermark(entity, dataset='*') -%}
    insert into {{ trustgate.bookkeeping('layer_progress') }} as own (
        layer, entity, dataset, check_seq, generation, upstream_generation
    )
    values (
        '{{ trustgate.model_name() }}',
        '{{ entity }}',
        {{ trustgate.literal(dataset) }},
        current_setting('trustgate.to_{{ entity }}')::bigint,
        1,
        current_setting('trustgate.upstream_{{ entity }}')
    )
    on conflict (layer, entity) do update
    set
        dataset = excluded.dataset,
        check_seq = excluded.check_seq,
        generation = own.generation
        + current_setting('trustgate.is_reset_{{ entity }}')::boolean::integer,
        upstream_generation = excluded.upstream_generation
    where
        (own.dataset, own.check_seq, own.upstream_generation)
        is distinct from (excluded.dataset, excluded.check_seq, excluded.upstream_generation)
        or current_setting('trustgate.is_reset_{{ entity }}')::boolean
{%- endmacro %}
