{#-
    Statements that begin an evaluation of base. They resolve what it processes, and pass that on as
    settings of the transaction, which the planner reads as constants, or as rows of this run:

    - batches that raw holds and base does not (`trustgate.batches_<entity>`, text of a text[]), and
        those that base must not hold (`trustgate.excluded_batches_<entity>`);
    - reprocess requests not served yet, recorded in `served_requests`; the requested batches
        (`trustgate.requested_batches_<entity>`), and the datasets of which all failing, all stale
        or all records were requested (`trustgate.<scope>_<entity>`);
    - failing records whose next attempt is due, recorded in `retry_attempts`;
    - whether all records are evaluated instead (`trustgate.evaluates_all_<entity>`).
    Where the model's statement fails, the transaction undoes all of it.
-#}
{% macro begin_evaluation(entity) -%}
    {%- set requests = trustgate.bookkeeping('reprocess_requests') -%}
    {%- set served = trustgate.bookkeeping('served_requests') -%}
    insert into {{ served }} (request_id, entity, run_id, served_at)
    select request_id, entity, '{{ invocation_id }}', now()
    from {{ requests }} as request
    where
        request.entity = '{{ entity }}'
        and not exists (
            select 1 from {{ served }} as earlier where earlier.request_id = request.request_id
        );
    select set_config('trustgate.excluded_batches_{{ entity }}', array(
        {{ trustgate.excluded_batches(entity) | indent(8) }}
    )::text, true);
    {% if trustgate.is_increment() -%}
    {{ trustgate.record_attempts(entity) }};
    select
        set_config('trustgate.batches_{{ entity }}', array(
            {{ trustgate.unchecked_batches(entity, this) | indent(12) }}
        )::text, true)
        {%- set scopes = {
            'requested_batches': ('batch', 'batch_id'),
            'failed': ('failed', 'dataset'),
            'stale_rules': ('stale_rules', 'dataset'),
            'all': ('all', 'dataset'),
        } %}
        {%- for setting, (scope, column) in scopes.items() %},
        set_config('trustgate.{{ setting }}_{{ entity }}', array(
            select request.{{ column }}
            from {{ requests }} as request
            inner join {{ served }} as served on request.request_id = served.request_id
            where
                served.run_id = '{{ invocation_id }}'
                and served.entity = '{{ entity }}'
                and request.scope = '{{ scope }}'
        )::text, true)
        {%- endfor %};
    {{ trustgate._resolve_extent(entity) }};
    {%- endif -%}
{%- endmacro %}


{#-
    Statement that resolves whether all records are evaluated, as in a first build: where more than
    a quarter of raw arrived or was requested. From there on it costs less.
-#}
{% macro _resolve_extent(entity) -%}
    {%- set raw = trustgate.project_ref('raw_' ~ entity) -%}
    {%- set counted = {
        'failed': "_dq_status in ('FAILED', 'WARNING')", 'stale_rules': 'true', 'all': 'true',
    } -%}
    select set_config('trustgate.evaluates_all_{{ entity }}', (4 * (
        {%- for batches in ('batches', 'requested_batches') %}
        {{ '+ ' if not loop.first }}(
            select count(*)
            from {{ raw }}
            where _batch_id = any(current_setting('trustgate.{{ batches }}_{{ entity }}')::text[])
        )
        {%- endfor %}
        {%- for scope, condition in counted.items() %}
        {%- set datasets = "current_setting('trustgate." ~ scope ~ '_' ~ entity ~ "')" %}
        + (
            select count(*)
            from {{ this }}
            where
                {{ datasets }} <> '{}'
                and _dataset = any({{ datasets }}::text[])
                and {{ condition }}
        )
        {%- endfor %}
    ) > (
        select greatest(reltuples, 0) from pg_class where oid = '{{ raw }}'::regclass
    ))::text, true)
{%- endmacro %}
