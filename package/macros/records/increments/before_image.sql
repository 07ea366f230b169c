{#-
    SQL of the before image of a changed row of base, as JSON that `changed_records` and
    `records_before` read back; NULL where the row is new, or neither its values nor its fate
    change.

    Args: columns: of the model. The rows compared are `existing` and `found`.
-#}
{% macro before_image(columns) -%}
    {%- set compared = [
        '_record_key', '_version_number', '_is_latest', '_is_duplicate', '_dq_status',
    ] -%}
    {%- for column in columns if not column.startswith('_') -%}
        {%- do compared.append(column) -%}
    {%- endfor -%}
    case when existing._record_id is not null and (
        {%- for column in compared -%}
            existing.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ) is distinct from (
        {%- for column in compared -%}
            found.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    ) then (
        select to_jsonb(image)
        from (
            select
                {%- for column in ['_record_id', '_dataset', '_batch_id'] + compared %}
                existing.{{ adapter.quote(column) }}{{ ',' if not loop.last }}
                {%- endfor %}
        ) as image
    ) end
{%- endmacro %}
