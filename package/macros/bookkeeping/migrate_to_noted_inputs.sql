{#- Statement of migration 2: what a run was built from, so that the next run knows what is new. -#}
{% macro migrate_to_noted_inputs() -%}
    alter table {{ trustgate.quality_schema() }}.pipeline_runs
    add column if not exists inputs_hash text,
    add column if not exists next_attempt_at timestamptz;
{%- endmacro %}
