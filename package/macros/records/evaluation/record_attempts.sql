{#-
    Statements that record another attempt for the failing records that are due: latest versions
    that fail a rule which is not blocked and has attempts left. At most `var('retries_per_run')`,
    in no order, so that the search ends once there are that many.
-#}
{% macro record_attempts(entity) -%}
{#- A select into a table may use parallel workers, an insert may not. #}
{{ trustgate.parallel_plan() }}
create temporary table {{ model.name }}__due on commit drop as
select failing.*
from (
    {{ trustgate.retry_state(entity, this) | indent(4) }}
) as failing
where failing.next_retry_at <= now()
limit {{ trustgate.setting('retries_per_run') | int }};
insert into {{ trustgate.bookkeeping('retry_attempts') }} (
    dataset, entity, record_key, record_id, attempt, run_id, attempted_at
)
select
    due.dataset,
    '{{ entity }}',
    due.record_key,
    due.record_id,
    due.attempts + 1,
    '{{ invocation_id }}',
    now()
from {{ model.name }}__due as due
{%- endmacro %}
