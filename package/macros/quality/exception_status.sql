{#-
    SQL of the status of an exception, from what the data shows and what users decided.

    Args: finding: alias of its row in exception_findings; work: alias of its row in exception_work,
        outer joined.

    Work of an earlier episode no longer applies. Accepting and rejecting apply to the values as
    they were; other resolutions apply until the next evaluation finds the exception again.
-#}
{% macro exception_status(finding, work) -%}
    case
        when {{ work }}.exception_id is null
            or coalesce({{ work }}.episode, {{ finding }}.episode) <> {{ finding }}.episode
            then case when {{ finding }}.is_standing then 'NEW' else 'RESOLVED' end
        when not {{ finding }}.is_standing
            then case
                when {{ work }}.status in ('RESOLVED', 'IGNORED') then {{ work }}.status
                else 'RESOLVED'
            end
        when {{ work }}.status <> 'RESOLVED' then {{ work }}.status
        when {{ work }}.resolution_action in ('ACCEPTED', 'REJECTED')
            then case
                when {{ work }}.accepted_details = {{ finding }}.details then 'RESOLVED'
                else 'NEW'
            end
        when {{ finding }}.last_seen_at > {{ work }}.resolved_at then 'NEW'
        else coalesce({{ work }}.status, 'NEW')
    end
{%- endmacro %}
