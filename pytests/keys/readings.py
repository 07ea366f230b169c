"""An entity `readings` beside orders and payments, whose key has a number, a text and a time."""

from __future__ import annotations

from ..pipeline import Pipeline

MODELS = {
    "landing_readings": "{{ trustgate.landing() }}",
    "raw_readings": "{{ trustgate.raw() }}",
    "base_readings": "{{ trustgate.base() }}",
    "stg_readings": "{{ trustgate.stg() }}",
    "candidate_fct_readings": """
        {{ trustgate.candidate(of='readings', key=['meter', 'site', 'line', 'read_at']) }}
        select
            meter, site, line, read_at, _dataset, _record_key, _record_id, _batch_id, _worker_id,
            _checksum, kwh, serial, dq_status, dq_score,
            'NOT_RECONCILED' as reconciliation_status, null::timestamptz as reconciled_at
        from {{ trustgate.promoted('readings') }} as readings
    """,
    "fct_readings": "{{ trustgate.mart() }}",
    "candidate_readings_by_owner": """
        {{ trustgate.candidate(of='readings', key=['owner'], follows={'readings': 'owner'}) }}
        select owner, _dataset, count(*) as readings
        from {{ trustgate.promoted('readings') }} as readings
        where owner is not null
        group by owner, _dataset
    """,
    "recon_readings": """
        {{ trustgate.reconcile_rows(
            source={'relation': 'base_readings', 'entity': 'readings', 'records': 'latest'},
            target={'relation': 'stg_readings', 'entity': 'readings'},
            key=['comment'],
        ) }}
    """,
}
DECLARED = """
version: 2
models:
  - name: base_readings
    config:
      meta:
        entity: readings
        key: [meter, site, line, read_at]
        version: updated_at
        amount: kwh
        rules:
          - {id: reading_meter_present, column: meter, check: not_null}
          - id: reading_site_length
            column: site
            check: expect_column_value_lengths_to_be_between
            max_value: 900
          - {id: reading_serial_unique, column: serial, check: unique}
          - {id: reading_versions_agree, check: no_conflicting_versions}
    columns:
      - {name: meter, data_type: numeric}
      - {name: site, data_type: text}
      - {name: line, data_type: text}
      - {name: read_at, data_type: timestamptz}
      - {name: kwh, data_type: "numeric(14,3)"}
      - {name: serial, data_type: text}
      - {name: owner, data_type: text}
      - {name: comment, data_type: text}
      - {name: updated_at, data_type: timestamptz}
"""


def add_readings(pipeline: Pipeline) -> None:
    """Add the entity to a copy of the project."""
    for name, sql in MODELS.items():
        pipeline.write(f"models/readings/{name}.sql", sql)
    pipeline.write("models/readings/readings.yml", DECLARED)
    pipeline.edit(
        "dbt_project.yml",
        "    entities: [orders, payments]",
        "    entities: [orders, payments, readings]",
    )
    pipeline.edit(
        "dbt_project.yml",
        "payments: candidate_fct_payments}",
        "payments: candidate_fct_payments, readings: candidate_fct_readings}",
    )
    pipeline.edit(
        "dbt_project.yml",
        "      - recon_restatement\n",
        "      - recon_restatement\n      - recon_readings\n",
    )
