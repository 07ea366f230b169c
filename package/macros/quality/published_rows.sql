{#-
    SQL of a mart: the rows of its candidate whose keys changed since it was last published, deletions
    included, while the gate is open; nothing while it is shut.

    Args:
        candidate: model it publishes.
        key: list of columns that identify a row.
        columns: the other columns it publishes.
    Needs `open_publication` before it in the transaction. `_dataset` is NULL for a key that is gone.
-#}
{% macro published_rows(candidate, key, columns) -%}
{%- set changed -%}
    select record_key from {{ trustgate.bookkeeping('candidate_changes') }}
    where candidate = '{{ candidate }}' and change_id <= current_setting('trustgate.publish_to', true)::bigint
{%- endset -%}
{%- do ref('trustgate', 'gate') -%}
with

candidate as (select * from {{ trustgate.project_ref(candidate) }}),
{% if is_incremental() %}
scope as (
    {%- for relation in ('candidate', this) %}
    select {{ key | join(', ') }} from {{ relation }} where {{ trustgate.record_key(key) }} in ({{ changed }})
    union
    select {{ key | join(', ') }} from {{ relation }} where current_setting('trustgate.publish_all', true) = 'true'
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
),
{% endif %}
final as (
    select
        {%- for column in key %}
        {{ 'scope' if is_incremental() else 'candidate' }}.{{ column }},
        {%- endfor %}
        candidate.{{ columns | join(',\n        candidate.') }}
    {%- if is_incremental() %}
    from scope
    left join candidate on {% for column in key %}scope.{{ column }} = candidate.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- else %}
    from candidate
    where coalesce(current_setting('trustgate.publish_to', true), '0') <> '-1'
    {%- endif %}
)

select * from final
{%- endmacro %}
