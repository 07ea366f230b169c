{#- Pre-hook of every candidate: when it is built anew, the marts must look at all of it. -#}
{% macro note_rebuild() -%}
    {#- What `converge` needs is known to dbt while it parses. #}
    {%- if not execute -%}{%- do [ref('layer_totals'), ref('rule_totals')] -%}{%- endif -%}
    {%- if not is_incremental() -%}
        insert into {{ ref('candidate_changes') }} (candidate, record_key)
        select '{{ model.name }}', null
        where not exists (
            select 1 from {{ ref('candidate_changes') }} where candidate = '{{ model.name }}' and record_key is null
        )
    {%- endif -%}
{%- endmacro %}
