{#-
    Statement of `converge` in a deep run, before it writes: records the changes that nothing
    explains as alterations, which this transaction restores. A deep run makes each layer again from
    the one before; what it changes besides the keys that are due was altered, where no trigger
    recorded it.

    Args: as `converge` has them; changes: temporary table of the rows to write.
-#}
{% macro note_unexplained(relation, kind, found, changes, same_key, keys, columns) -%}
    {%- set layer = found.removesuffix('__rows') -%}
    {%- set declared = trustgate.declared_node(layer).config.meta.layer -%}
    {%- set candidate = trustgate.declared_node(declared.candidate) if kind == 'mart' else none -%}
    {%- set entity = declared.entities[0] if kind == 'base'
        else (candidate.config.meta.layer if candidate else declared).of -%}
    {%- set without_stamps = "- array['" ~ trustgate.stamp_columns() | join("', '") ~ "']" -%}
    {%- set helpers = ['_is_kept', '_existed', '_before_image'] -%}
    insert into {{ trustgate.bookkeeping('alterations') }} (
        layer, entity, operation, dataset, record_key, record_id, batch_id, fields, before, after,
        found_by, altered_at, restored_run, restored_at
    )
    select
        '{{ layer }}', '{{ entity }}',
        case
            when after is null then 'DELETE'
            when before is null then 'INSERT'
            else 'UPDATE'
        end,
        image ->> '_dataset',
        coalesce(
            {{ "(image ->> '" ~ keys | join("') || '|' || (image ->> '") ~ "')"
                if keys != ['_record_id'] else 'null' }},
            image ->> '_record_key', image ->> '_record_id'
        ),
        (image ->> '_record_id')::uuid,
        image ->> '_batch_id',
        fields, before, after, 'comparison', clock_timestamp(),
        '{{ invocation_id }}', clock_timestamp()
    from (
        select
            *,
            coalesce(before, after) as image,
            {{ trustgate.quality_schema() }}.changed_fields(
                before {{ without_stamps }}, after {{ without_stamps }}
            ) as fields
        from (
            select
                case when found._is_kept then
                    to_jsonb(found) - array['{{ helpers | join("', '") }}']
                end as before,
                case when existing.{{ keys[0] }} is not null then to_jsonb(existing) end as after
            from {{ changes }} as found
            left join {{ relation }} as existing on {{ same_key }}
            where not (
                {{ trustgate._is_due(layer, relation, entity, kind, candidate, keys, columns)
                    | indent(16) }}
            )
        ) as images
    ) as unexplained;
{%- endmacro %}


{#- SQL condition on a change, of `existing` to `found`: the pipeline's own inputs explain it. -#}
{% macro _is_due(layer, relation, entity, kind, candidate, keys, columns) -%}
    {%- set found_key -%}
        ({% for key in keys %}found.{{ key }}{{ ', ' if not loop.last }}{% endfor %})
    {%- endset -%}
    {%- if kind == 'candidate' -%}
    {{ found_key }} in (select {{ keys | join(', ') }} from {{ layer }}__due)
    {%- elif kind == 'mart' -%}
    exists (
        select 1
        from {{ trustgate.bookkeeping('candidate_changes') }}
        where candidate = '{{ candidate.name }}' and record_key is null
    )
    or {{ trustgate._record_key_of('found', keys) }} in (
        select record_key
        from {{ trustgate.bookkeeping('candidate_changes') }}
        where candidate = '{{ candidate.name }}'
    )
    or {{ found_key }} in (
        select {{ keys | join(', ') }}
        from (
            {{ trustgate.altered_rows(layer, relation) | indent(12) }}
        ) as altered
    )
    {%- else -%}
    {%- set of_verdict = ('_is_latest', '_is_duplicate', '_version_number', '_rules_version') -%}
    {%- set received = [] -%}
    {%- for column in columns -%}
        {%- if not column.startswith('_dq') and column not in of_verdict
            and column not in trustgate.stamp_columns() -%}
            {%- do received.append(adapter.quote(column)) -%}
        {%- endif -%}
    {%- endfor -%}
    case
        when found._record_id in (
            select record_id from ({{ trustgate.open_alterations(layer) }}) as known
        ) then true
        when existing._record_id is null then found._batch_id = any(
            current_setting('trustgate.batches_{{ entity }}')::text[]
        )
        else
            existing._rules_version <> found._rules_version
            or existing._corrections is distinct from found._corrections
            or (existing.{{ received | join(', existing.') }})
            is not distinct from (found.{{ received | join(', found.') }})
    end
    {%- endif -%}
{%- endmacro %}


{#- SQL of the key of a row as one text. -#}
{% macro _record_key_of(alias, keys) -%}
    {%- set qualified = [] -%}
    {%- for key in keys -%}{%- do qualified.append(alias ~ '.' ~ key) -%}{%- endfor -%}
    {{ trustgate.record_key(qualified) }}
{%- endmacro %}
