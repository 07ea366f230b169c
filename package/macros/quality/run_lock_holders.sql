{#- SQL of the process ids of the sessions that hold the lock of a run in this namespace: pid. -#}
{% macro run_lock_holders() -%}
select pid
from pg_locks
where
    locktype = 'advisory'
    and granted
    and objsubid = 2
    and database = (select oid from pg_database where datname = current_database())
    and classid::bigint = (hashtext('trustgate run')::bigint & 4294967295)
    and objid::bigint = (
        hashtext({{ trustgate.literal(env_var('TRUSTGATE_NAMESPACE', '')) }})::bigint
        & 4294967295
    )
{%- endmacro %}
