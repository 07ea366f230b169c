{#- Pre-hook of every candidate: when it is built anew, the marts must look at all of it. -#}
{% macro note_rebuild() -%}
    {%- do [ref('layer_totals'), ref('rule_totals')] -%}
    {%- if not is_incremental() -%}
        insert into {{ ref('candidate_changes') }} (candidate, record_key)
        select '{{ model.name }}', null
        where not exists (
            select 1 from {{ ref('candidate_changes') }} where candidate = '{{ model.name }}' and record_key is null
        )
    {%- endif -%}
{%- endmacro %}
