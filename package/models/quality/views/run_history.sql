{#-
    Every run, with its result; a killed run is `abandoned`. A run of the runner is alive while its
    session holds the run lock; a run of dbt alone holds none and counts as alive for
    `abandoned_after_minutes`.
-#}
{{ trustgate.quality_view() }}

with

runs as (select * from {{ trustgate.bookkeeping('pipeline_runs') }}),

live as (
    {{ trustgate.run_lock_holders() | indent(4) }}
),

final as (
    select
        runs.run_id,
        runs.command,
        runs.dataset,
        runs.target,
        case
            when runs.status <> 'running' then runs.status
            when
                runs.lock_pid is not null
                and not exists (select 1 from live where live.pid = runs.lock_pid)
                then 'abandoned'
            when
                runs.lock_pid is null
                and runs.started_at
                < now() - interval '{{ trustgate.setting('abandoned_after_minutes') }} minutes'
                then 'abandoned'
            else 'running'
        end as status,
        runs.tests_ok,
        runs.dq_ok,
        runs.recon_ok,
        runs.mismatch_count,
        runs.failing_metric_count,
        runs.open_exception_count,
        runs.recovered_count,
        runs.git_sha,
        runs.invoked_by,
        runs.dbt_version,
        runs.started_at,
        runs.finished_at,
        round(
            extract(epoch from coalesce(runs.finished_at, now()) - runs.started_at), 1
        ) as duration_s
    from runs
)

select * from final
