{#-
    SQL of what a changed row of base was, as JSON to be read back by `changed_records` and `records_before`; NULL
    where it is new, or neither its values nor its fate change.

    Args: columns: of the model. The rows compared are `standing` and `found`.
-#}
{% macro before_image(columns) -%}
    {%- set noted = ['_record_key', '_version_number', '_is_latest', '_is_duplicate', '_dq_status'] -%}
    {%- for column in columns if not column.startswith('_') -%}{%- do noted.append(column) -%}{%- endfor -%}
    case when standing._record_id is not null and (
        {%- for column in noted %}standing.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
    ) is distinct from (
        {%- for column in noted %}found.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
    ) then (
        select to_jsonb(image)
        from (
            select
                {%- for column in ['_record_id', '_dataset', '_batch_id'] + noted %} standing.{{ adapter.quote(column) }}{{ ',' if not loop.last }}{% endfor %}
        ) as image
    ) end
{%- endmacro %}
