{#-
    Conservation, record by record: base can
    say what became of each. (That base holds every record of raw is told by recon_chain.) A failing row is
    a record that nobody can account for.
-#}
{{ config(severity='warn') }}

with

{% for entity in trustgate.setting('entities') -%}
{{ entity }} as (
    select
        version._record_id,
        version._batch_id,
        version._record_key,
        {{ trustgate.fate('version', 'good') | indent(8) }} as fate
    from {{ trustgate.project_ref('base_' ~ entity) }} as version
    left join {{ trustgate.project_ref('stg_' ~ entity) }} as good
        on version._record_key = good._record_key and version._dataset = good._dataset
),

{% endfor -%}
final as (
    {%- for entity in trustgate.setting('entities') %}
    select
        '{{ entity }}' as entity,
        _record_id,
        _batch_id,
        _record_key
    from {{ entity }}
    where fate is null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
