{#-
    CTEs that end in `records_to_check`, the records whose verdict may have changed since base was
    last written, and `received_to_check`, the same as received. Grain: one row per record
    (`_record_id`).

    They are the records of batches that base does not hold and the requested ones
    (`requested_records`), all versions of their keys, records that share a value with them (before
    or now) which a set rule compares, and children of parents whose good version may have changed.

    The planner knows those batches (`begin_evaluation`). It expects a row or two of a batch too
    small for raw's statistics, and uses indexes, as it should. Therefore no two CTEs are joined in
    a way that could become a nested loop over both.
-#}
{% macro records_to_check(declared, columns) -%}
{%- set unique_rules = declared.rules | selectattr('group') | list -%}
{%- set raw = trustgate.project_ref('raw_' ~ declared.entity) -%}
{{ trustgate.requested_records(declared) }}

given_records as (
    select
        raw._record_id,
        raw._dataset,
        {{ trustgate.record_key_of(declared, columns, 'raw') }} as _record_key
        {%- for column in trustgate.grouped_columns(unique_rules) %},
        {%- set text = 'raw.' ~ column %}
        {{ trustgate.typed_column(text, column, columns, declared) }} as {{ column }}
        {%- endfor %}
    from {{ raw }} as raw
    where raw._batch_id = any(current_setting('trustgate.batches_{{ declared.entity }}')::text[])
    union all
    select
        raw._record_id,
        raw._dataset,
        {{ trustgate.record_key_of(declared, columns, 'raw') }} as _record_key
        {%- for column in trustgate.grouped_columns(unique_rules) %},
        {%- set text = trustgate.as_corrected(column, 'raw', 'overlay.corrections') %}
        {{ trustgate.typed_column(text, column, columns, declared) }} as {{ column }}
        {%- endfor %}
    from {{ trustgate.raw_with_overlay(declared.entity) | indent(4) }}
    where raw._record_id in (select _record_id from requested_records)
),

affected_keys as (
    select _dataset, _record_key from given_records
    {%- for join in declared.joins if join.joined == join.alias %}
    union
    select _dataset, _record_key
    from {{ this }}
    where (_dataset, {{ join.comparison.column }}) in (
        select _dataset, {{ join.comparison.field }}
        from (
            {{ trustgate.changed_records(join.entity, '*') | indent(12) }}
        ) as changed
    )
    {%- endfor %}
    {%- for rule in unique_rules %}
    union
    select _dataset, _record_key
    from {{ this }}
    where {{ trustgate.shares_values(rule, "
        select _dataset, " ~ rule.group | join(', ') ~ " from given_records
        union
        select _dataset, " ~ rule.group | join(', ') ~ " from " ~ this ~ "
        where (_dataset, _record_key) in (select _dataset, _record_key from given_records)
    ") | indent(4) }}
    {%- endfor %}
),

records_to_check as materialized (
    select _record_id from given_records
    union
    select known._record_id
    from {{ this }} as known
    inner join affected_keys
        on known._record_key = affected_keys._record_key
        and known._dataset = affected_keys._dataset
),

{#- Materialized, because it is read twice. #}
received_to_check as materialized (
    select
        raw.*,
        overlay.corrections as _overlay
    from {{ trustgate.raw_with_overlay(declared.entity) | indent(4) }}
    where raw._record_id in (select _record_id from records_to_check)
),
{% endmacro %}
