{#-
    SQL condition: the session with a process id holds the lock of a run in this namespace. False
    for what is no process id.
-#}
{% macro holds_run_lock(process_id) -%}
    {%- if modules.re.fullmatch('[0-9]{1,9}', process_id | string) -%}
    exists (
        select from pg_locks
        where
            pid = {{ process_id }}
            and locktype = 'advisory'
            and granted
            and objsubid = 2
            and database = (select oid from pg_database where datname = current_database())
            and classid::bigint = (hashtext('trustgate run')::bigint & 4294967295)
            and objid::bigint = (
                hashtext({{ trustgate.literal(env_var('TRUSTGATE_NAMESPACE', '')) }})::bigint
                & 4294967295
            )
    )
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}
