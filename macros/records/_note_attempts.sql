{#-
    Statement that notes another attempt for the failing records which are due: latest versions with a broken
    rule that nobody blocked and that has attempts left. The oldest first, `var('retries_per_run')` at most.
-#}
{% macro _note_attempts(entity) -%}
insert into {{ ref('retry_attempts') }} (dataset, entity, record_key, record_id, attempt, run_id, attempted_at)
select failing.dataset, '{{ entity }}', failing.record_key, failing.record_id, failing.attempts + 1, '{{ invocation_id }}', now()
from (
    {{ trustgate.retry_state(entity, this) | indent(4) }}
) as failing
where failing.next_retry_at <= now()
order by failing.next_retry_at, failing.record_id
limit {{ var('retries_per_run', 1000) | int }}
{%- endmacro %}
