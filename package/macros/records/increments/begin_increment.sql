{#-
    Statement that begins, for this transaction, the increment of a layer: the verdicts it has not
    processed yet.

    Args:
        entity: whose verdicts.
        upstream: layers (model names) between base and this one; the increment ends at the lowest
            of their watermarks. Empty: it ends at base's newest verdict.
        dataset: the dataset this layer holds; '*' for all.
        declared: declaration of this layer as text, where its SQL does not show it; else empty.

    The increment is (`trustgate.from_<entity>`, `trustgate.to_<entity>`] of `_check_seq`, as
    settings of the transaction, which the planner reads as constants. It starts at 0
    (`trustgate.is_reset_<entity>`) where this layer is rebuilt, has another dataset or declaration
    than before, or a layer before it was rebuilt: base is recognised by its oid, because a rebuilt
    base has no before images. `commit_watermark` records it in the same transaction, so that the
    next run processes what a killed run did not write.
-#}
{% macro begin_increment(entity, upstream=[], dataset='*', declared='') -%}
    {%- set of_declared = " || ' " ~ local_md5(declared) ~ "'" if declared else '' %}
    select
        set_config('trustgate.from_{{ entity }}', (
            case when layer.is_reset then 0 else layer.check_seq end
        )::text, true),
        set_config('trustgate.to_{{ entity }}', layer.upstream_seq::text, true),
        set_config('trustgate.is_reset_{{ entity }}', layer.is_reset::text, true),
        set_config('trustgate.upstream_{{ entity }}', layer.upstream_generation, true)
    from (
        select
            coalesce(own.check_seq, 0) as check_seq,
            upstream.check_seq as upstream_seq,
            upstream.generation as upstream_generation,
            {{ 'false' if trustgate.is_increment() else 'true' }}
            or own.layer is null
            or own.dataset <> {{ trustgate.literal(dataset) }}
            {#- Empty in layers built by an earlier version. #}
            or own.upstream_generation not in ('', upstream.generation) as is_reset
        from (
            {%- if upstream %}
            select
                case
                    when count(*) = {{ upstream | length }} then min(check_seq) else 0
                end as check_seq,
                coalesce(string_agg(layer || ':' || generation, ',' order by layer), '')
                {{- of_declared }} as generation
            from {{ trustgate.bookkeeping('layer_progress') }}
            where entity = '{{ entity }}' and layer in ('{{ upstream | join("', '") }}')
            {%- else %}
            select
                coalesce(max(_check_seq), 0) as check_seq,
                '{{ trustgate.project_ref('base_' ~ entity) }}'::regclass::oid::text
                {{- of_declared }} as generation
            from {{ trustgate.project_ref('base_' ~ entity) }}
            {%- endif %}
        ) as upstream
        left join {{ trustgate.bookkeeping('layer_progress') }} as own
            on own.layer = '{{ trustgate.model_name() }}' and own.entity = '{{ entity }}'
    ) as layer
{%- endmacro %}
