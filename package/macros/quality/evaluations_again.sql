{#-
    SQL of how often failing records were evaluated again, when due or on request: base does not
    write a verdict that stays the same. Grain: one row per record: record_id, more.
-#}
{% macro evaluations_again() -%}
with served as (
    select requests.*
    from {{ trustgate.bookkeeping('reprocess_requests') }} as requests
    inner join {{ trustgate.bookkeeping('served_requests') }} as served
        on requests.request_id = served.request_id
),

requested as (
    {%- for scope, condition in {
        'key': 'served.record_key = failing.record_key',
        'batch': 'served.batch_id = failing.batch_id',
    }.items() %}
    select failing.record_id
    from served
    inner join {{ ref('trustgate', 'verdicts') }} as failing
        on served.dataset = failing.dataset and served.entity = failing.entity
        and {{ condition }}
    where served.scope = '{{ scope }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select record_id, count(*) as more
from (
    select record_id from {{ trustgate.bookkeeping('retry_attempts') }}
    union all
    select record_id from requested
) as evaluated
group by record_id
{%- endmacro %}
