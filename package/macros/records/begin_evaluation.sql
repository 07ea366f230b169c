{#-
    Statements that begin an evaluation of base: settle what it takes in, and hands it over to the model's statement as
    settings of the transaction, which the planner reads as constants, or as rows of this run.

    - the batches that raw holds and base does not (`trustgate.batches_<entity>`, text of a text[]), and
      those base must not hold (`trustgate.excluded_batches_<entity>`);
    - the reprocess requests not yet served, noted in `served_requests`; the batches that were requested
      (`trustgate.requested_batches_<entity>`) and the datasets of which all failing, all stale or all
      records were (`trustgate.<scope>_<entity>`);
    - the failing records whose next attempt is due, noted in `retry_attempts`;
    - whether all records are evaluated rather than those (`trustgate.evaluates_all_<entity>`).
    All of it is undone with the transaction where the statement fails.
-#}
{% macro begin_evaluation(entity) -%}
    {%- set requests = trustgate.bookkeeping('reprocess_requests') -%}
    {%- set served = trustgate.bookkeeping('served_requests') -%}
    insert into {{ served }} (request_id, entity, run_id, served_at)
    select request_id, entity, '{{ invocation_id }}', now()
    from {{ requests }} as request
    where request.entity = '{{ entity }}'
        and not exists (select 1 from {{ served }} as earlier where earlier.request_id = request.request_id);
    select set_config('trustgate.excluded_batches_{{ entity }}', array({{ trustgate.excluded_batches(entity) }})::text, true);
    {% if trustgate.is_increment() -%}
    {{ trustgate._record_attempts(entity) }};
    select
        set_config('trustgate.batches_{{ entity }}', array(
            {{ trustgate.unchecked_batches(entity, this) | indent(12) }}
        )::text, true)
        {%- for scope, handed_over in {'batch': 'batch_id', 'failed': 'dataset', 'stale_rules': 'dataset', 'all': 'dataset'}.items() %},
        set_config('trustgate.{{ 'requested_batches' if scope == 'batch' else scope }}_{{ entity }}', array(
            select request.{{ handed_over }}
            from {{ requests }} as request
            inner join {{ served }} as taken on request.request_id = taken.request_id
            where taken.run_id = '{{ invocation_id }}' and taken.entity = '{{ entity }}' and request.scope = '{{ scope }}'
        )::text, true)
        {%- endfor %};
    {{ trustgate._resolve_extent(entity) }};
    {%- endif -%}
{%- endmacro %}


{#-
    Statement that settles whether all records are evaluated, as if base were built anew: where more than a
    quarter of raw arrived or was called for. That is where it begins to cost less.
-#}
{% macro _resolve_extent(entity) -%}
    {%- set raw = trustgate.project_ref('raw_' ~ entity) -%}
    {%- set counted = {'failed': "_dq_status in ('FAILED', 'WARNING')", 'stale_rules': 'true', 'all': 'true'} -%}
    select set_config('trustgate.evaluates_all_{{ entity }}', (4 * (
        (select count(*) from {{ raw }} where _batch_id = any(current_setting('trustgate.batches_{{ entity }}')::text[]))
        + (select count(*) from {{ raw }} where _batch_id = any(current_setting('trustgate.requested_batches_{{ entity }}')::text[]))
        {%- for scope, condition in counted.items() %}
        + (
            select count(*)
            from {{ this }}
            where current_setting('trustgate.{{ scope }}_{{ entity }}') <> '{}' and _dataset = any(current_setting('trustgate.{{ scope }}_{{ entity }}')::text[]) and {{ condition }}
        )
        {%- endfor %}
    ) > (select greatest(reltuples, 0) from pg_class where oid = '{{ raw }}'::regclass))::text, true)
{%- endmacro %}
