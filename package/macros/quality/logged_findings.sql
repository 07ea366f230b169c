{#-
    SQL of the exceptions that users and other programs logged, as findings: standing until a user
    resolves them. Columns as `finding_columns`.
-#}
{% macro logged_findings() -%}
{%- set of_logged = {
    'record_id': 'null::uuid',
    'evaluation': 'logged.occurrences::text',
    'is_standing': "not coalesce(decided.status = 'RESOLVED'"
        ~ ' and coalesce(decided.episode, logged.episode) = logged.episode, false)',
    'first_seen_run': 'null::text',
    'last_seen_run': 'null::text',
    'first_seen_at': 'logged.first_logged_at',
    'last_seen_at': 'logged.last_logged_at',
    'last_event': "'OPENED'",
    'changed_run': "'logged ' || logged.occurrences",
    'changed_at': 'logged.last_logged_at',
    'record_count': '1::bigint',
} -%}
select
    {%- for column in trustgate.finding_columns() %}
    {{ of_logged.get(column, 'logged.' ~ column) }} as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ trustgate.bookkeeping('logged_exceptions') }} as logged
left join {{ trustgate.bookkeeping('exception_work') }} as decided
    on logged.exception_id = decided.exception_id
{%- endmacro %}
