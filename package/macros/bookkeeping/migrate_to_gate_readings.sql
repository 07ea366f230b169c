{#- Statement of migration 3: the reading of the gate under which each run published, or ended. -#}
{% macro migrate_to_gate_readings() -%}
    create table {{ trustgate.quality_schema() }}.gate_readings (
        run_id text not null,
        dataset text not null,
        read_at timestamptz not null,
        is_open boolean not null,
        published text[] not null,
        checks jsonb not null,
        constraint gate_readings_pkey primary key (run_id)
    );
{%- endmacro %}
