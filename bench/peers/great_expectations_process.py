"""The twelve rules in Great Expectations; run with the Python it is installed in.

The tables are charges as received, with amount and time read as types beside them, and the parents.
"""

import importlib
import os
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from bench.peers.peer_process import Work, answer

METHODS = ["credit_card", "boleto", "voucher", "debit_card", "transfer"]
STATUSES = ["authorized", "captured", "refunded", "failed"]
LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
WITHOUT_PARENT = """
    select charges.charge_id, charges.purchase_id
    from {{batch}} as charges
    left join {parents} as purchases on charges.purchase_id = purchases.purchase_id
    where charges.purchase_id is not null and purchases.purchase_id is null
"""
"""There is no expectation for it."""


def validate(great_expectations: Any, work: Work) -> tuple[int, int]:
    """Validate with every failing key asked for.

    Returns: Failing results, and how many of them came with a key: of an expectation in SQL, 200.
    """
    charges, parents = work.tables
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    url = (
        f"postgresql+psycopg2://{work.user}@localhost/{work.database}"
        f"?host={quote(work.host, safe='/')}&port={work.port}"
    )
    schema, table = charges.split(".")
    asset = context.data_sources.add_postgres("bench", connection_string=url).add_table_asset(
        "charges", table_name=table, schema_name=schema
    )
    suite = context.suites.add(great_expectations.ExpectationSuite(name="twelve rules"))
    for expectation in _expectations(great_expectations.expectations, parents):
        suite.add_expectation(expectation)
    definition = great_expectations.ValidationDefinition(
        name="bench", data=asset.add_batch_definition_whole_table("all"), suite=suite
    )
    outcome = context.validation_definitions.add(definition).run(
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["charge_id"],
            # As many keys as there may be; without it, 20.
            "partial_unexpected_count": 2_000_000_000,
        }
    )
    found = keyed = 0
    for result in outcome.results:
        if result.exception_info.get("raised_exception"):
            raise SystemExit(str(result.exception_info))
        values = result.result
        if isinstance(details := values.get("details"), dict):
            found += values["observed_value"]
            keyed += len(details["unexpected_rows"])
        else:
            # An empty table has no values.
            found += values.get("unexpected_count") or 0
            keyed += len(values.get("unexpected_index_list") or ())
    return found, keyed


def _expectations(kinds: Any, parents: str) -> list[Any]:
    return [
        kinds.ExpectColumnValuesToNotBeNull(column="payer_email"),
        kinds.ExpectColumnValuesToBeBetween(column="amount_read", min_value=0),
        kinds.ExpectColumnValuesToNotBeNull(column="amount_read"),
        kinds.ExpectColumnValuesToBeBetween(column="amount_read", max_value=1_000_000),
        kinds.ExpectColumnValuesToBeInSet(column="method", value_set=METHODS),
        kinds.ExpectColumnValuesToBeInSet(column="status", value_set=STATUSES),
        kinds.ExpectColumnValuesToMatchRegex(column="currency", regex="^[A-Z]{3}$"),
        kinds.ExpectColumnValuesToMatchRegex(
            column="payer_email", regex="^[a-z0-9._-]+@[a-z0-9-]+[.][a-z]{2,}$"
        ),
        kinds.ExpectColumnValuesToBeBetween(column="paid_at_read", max_value=LOADED_AT),
        kinds.ExpectColumnValuesToNotBeNull(column="paid_at_read"),
        kinds.ExpectColumnValuesToBeUnique(column="reference"),
        kinds.UnexpectedRowsExpectation(
            unexpected_rows_query=WITHOUT_PARENT.format(parents=parents)
        ),
    ]


def _load() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    importlib.import_module("great_expectations.expectations")
    return importlib.import_module("great_expectations")


if __name__ == "__main__":
    answer(_load, "great_expectations", validate)
