{#-
    SQL of what a changed row of base was, as JSON to be read back by `changed_records`; NULL where it is new, or
    where only its verdict changes.

    Args: columns: of the model. The rows compared are `standing` and `found`.
-#}
{% macro _former_values(columns) -%}
    {%- set typed = ['_record_key'] -%}
    {%- for column in columns if not column.startswith('_') -%}{%- do typed.append(column) -%}{%- endfor -%}
    case when standing._record_id is not null and (
        {%- for column in typed %}standing.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
    ) is distinct from (
        {%- for column in typed %}found.{{ adapter.quote(column) }}{{ ', ' if not loop.last }}{% endfor -%}
    ) then (
        select to_jsonb(former)
        from (
            select
                {%- for column in ['_record_id', '_dataset'] + typed %} standing.{{ adapter.quote(column) }}{{ ',' if not loop.last }}{% endfor %}
        ) as former
    ) end
{%- endmacro %}


{#-
    Statements of `converge` on base: notes what its records were, and forgets, where anything changed, what every
    layer has followed since.
-#}
{% macro _note_former_values(entity, changes) -%}
    insert into {{ ref('former_values') }} (entity, _dataset, _check_seq, typed_values)
    select '{{ entity }}', _dataset, _check_seq, _former
    from {{ changes }}
    where _former is not null;
    delete from {{ ref('former_values') }}
    where
        entity = '{{ entity }}'
        and _check_seq <= (select min(check_seq) from {{ ref('layer_progress') }} where entity = '{{ entity }}')
        and (select exists (select 1 from {{ changes }}));
{%- endmacro %}
