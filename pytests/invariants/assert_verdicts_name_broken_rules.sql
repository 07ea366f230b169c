{#-
    One verdict: status, names of broken rules
    and details say the same. A failing row is a record whose verdict contradicts itself.
-#}
{{ config(severity='warn') }}

with

{% for entity in trustgate.setting('entities') -%}
{{ entity }} as (
    select
        '{{ entity }}' as entity,
        _record_id,
        _dq_status,
        _dq_failed,
        _dq_warned,
        _dq_details
    from {{ trustgate.project_ref('base_' ~ entity) }}
    where
        (
            _dq_status is distinct from 'PASSED'
            or coalesce(_dq_failed, _dq_warned) is not null
            or _dq_details is not null
        )
),

{% endfor -%}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select * from {{ entity }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select *
from final
where
    _dq_status is distinct from case
        when _dq_failed is not null then 'FAILED'
        when _dq_warned is not null then 'WARNING'
        else 'PASSED'
    end
    or array(select jsonb_object_keys(_dq_details) order by 1)
    <> array(select unnest(coalesce(_dq_failed, '{}') || coalesce(_dq_warned, '{}')) order by 1)
