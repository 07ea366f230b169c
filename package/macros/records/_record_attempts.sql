{#-
    Statements that note another attempt for the failing records which are due: latest versions with a broken
    rule that nobody blocked and that has attempts left. `var('retries_per_run')` at most; in no order, so that
    looking ends as soon as there are as many.
-#}
{% macro _record_attempts(entity) -%}
{#- A select into a table may use parallel workers, an insert may not. #}
{{ trustgate.parallel_plan() }}
create temporary table {{ model.name }}__due on commit drop as
select failing.*
from (
    {{ trustgate.retry_state(entity, this) | indent(4) }}
) as failing
where failing.next_retry_at <= now()
limit {{ trustgate.setting('retries_per_run') | int }};
insert into {{ trustgate.bookkeeping('retry_attempts') }} (dataset, entity, record_key, record_id, attempt, run_id, attempted_at)
select due.dataset, '{{ entity }}', due.record_key, due.record_id, due.attempts + 1, '{{ invocation_id }}', now()
from {{ model.name }}__due as due
{%- endmacro %}
