"""Failing and passing records of one entity, and the values that are significant among the failing.

PostgreSQL does all counting, set-based, in temporary tables. The sample of records is repeatable
as long as the table does not change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from psycopg.rows import DictRow

from runner.postgres.database import Database, explained
from runner.workflow.causes.evidence_statements import (
    COLUMNS,
    KNOWN_CHECKS,
    STANDING_OUT,
    TAKE_EXCEPTIONS,
    TAKE_FAILING,
)
from runner.workflow.causes.model import Trait

SAMPLE_RECORDS = 20_000
"""Size of the sample of an entity: a share of 1 % is 200 records of it."""
SAMPLE_FAILING = 2_000
"""Largest number of failing records of one check to compare."""
MOST_VALUES = 10_000
"""A column with more distinct values than this identifies records, not groups of them."""
SEEN_OFTEN = 100
"""Number of failing records of a check in the sample from which on they represent all of them."""
TEXT_LENGTH = 200
BATCHES = "quality.batch_controls"
PROVENANCE = ("_batch_id", "source_file", "_worker_id")

MINIMUM_FAILING = 5
MINIMUM_SHARE = 0.2
MINIMUM_LIFT = 1.5
CHANCE = 0.001
"""Limits of significance: values below MINIMUM_*, or above CHANCE, are not reported."""


@dataclass(frozen=True)
class Feature:
    """A column of the compared records, as text.

    Attributes:
        name: Name shown to users.
        expression: SQL of its text, in which `version` is a row of base.
    """

    name: str
    expression: sql.Composable


@dataclass(frozen=True)
class Standout:
    """A significant value among the failing records of a check; counts as in `CommonTrait`."""

    check_id: str
    trait: Trait
    failing: int
    failing_total: int
    passing: int
    passing_total: int
    chance: float
    same_records: tuple[Trait, ...]


class Evidence:
    """Failing and passing records of one entity and dataset.

    The temporary tables exist in the transaction of the caller.
    """

    def __init__(self, database: Database, dataset: str, entity: str) -> None:
        self.database = database
        self.dataset = dataset
        self.entity = entity
        self.base = database.relation(f"staging.base_{entity}")
        self.features = self._features()
        self.sampled_percent: float | None = None

    def gather(self, checks: Collection[str]) -> tuple[int, int]:
        """Fill the temporary tables.

        Args:
            checks: The checks whose exceptions are to be explained.
        Returns: Number of failing records, counted once for each check, and of all records
            compared.
        """
        self._create()
        self.sampled_percent = self._percent()
        self._take_sample()
        self._take_failing(sorted(checks))
        (counts,) = self._rows(
            sql.SQL(
                "select (select count(*) from looked_failing) as failing,"
                " (select count(*) from looked_sample) as sampled"
            )
        )
        return counts["failing"], counts["sampled"]

    def standouts(
        self, left_out: dict[str, list[Trait]] | None = None, checks_tried: int = 1
    ) -> list[Standout]:
        """The most significant value for each check, if any.

        Args:
            left_out: Checks to compare, each with the traits whose records are excluded; None for
                all checks and all records.
            checks_tried: Number of checks compared in all, for the correction of `chance`.
        """
        if left_out is None:
            return self._judge(None, [], checks_tried)
        return [
            found
            for check, traits in left_out.items()
            for found in self._judge(check, traits, checks_tried)
        ]

    def _rows(self, query: sql.SQL | sql.Composed, parameters: Any = None) -> list[DictRow]:
        with explained():
            cursor = self.database.connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def _features(self) -> list[Feature]:
        """Provenance, and each column of base that does not identify single records."""
        found = self._rows(
            sql.SQL(COLUMNS),
            [
                self.database.project.schema("staging"),
                f"base_{self.entity}",
                [*PROVENANCE, "_loaded_at"],
                list(PROVENANCE),
                MOST_VALUES,
            ],
        )
        columns = {row["name"]: row for row in found}
        features = [_text(name) for name in PROVENANCE if name in columns]
        if "_batch_id" in columns:
            features.insert(1, Feature("source_file", sql.SQL("files.source_file")))
        own = [row for name, row in columns.items() if not name.startswith("_")]
        features += [_day(row) if row["category"] == "D" else _text(row["name"]) for row in own]
        if "_loaded_at" in columns:
            features.append(_day(columns["_loaded_at"]))
        return features

    def _files(self) -> sql.Composed:
        """SQL of a join that adds the file of its batch to each `version`."""
        return sql.SQL(
            "left join (select batch_id, min(source_file) as source_file from {} group by batch_id)"
            " as files on version._batch_id = files.batch_id"
        ).format(self.database.relation(BATCHES))

    def _names(self) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(f"f{n}") for n in range(len(self.features)))

    def _expressions(self) -> sql.Composed:
        return sql.SQL(", ").join(feature.expression for feature in self.features)

    def _rejected(self) -> sql.Composed:
        """SQL of the batch and file of a line that was rejected at load."""
        known = {"_batch_id": "batch_id", "source_file": "source_table"}
        return sql.SQL(", ").join(
            sql.Identifier("looked", known[feature.name])
            if feature.name in known
            else sql.SQL("null")
            for feature in self.features
        )

    def _create(self) -> None:
        columns = sql.SQL(", ").join(
            sql.SQL("{} text").format(sql.Identifier(f"f{n}")) for n in range(len(self.features))
        )
        exception = (
            "check_id text, exception_type text, record_id uuid, record_key text, batch_id text,"
            " source_table text"
        )
        for table, listed in (
            ("looked_sample", sql.SQL("record_id uuid, broken text[], {}").format(columns)),
            ("looked_exceptions", sql.SQL(exception)),
            ("looked_failing", sql.SQL("check_id text, record_id uuid, {}").format(columns)),
        ):
            name = sql.Identifier("pg_temp", table)
            self._rows(sql.SQL("drop table if exists {}").format(name))
            self._rows(sql.SQL("create table {} ({}) on commit drop").format(name, listed))

    def _percent(self) -> float | None:
        """Percentage of base to read for the sample, None for all of it."""
        (counted,) = self._rows(
            sql.SQL(
                "select relations.reltuples as base_count, ("
                " select sum(loaded_count) from {} where dataset = %s and entity = %s"
                ") as loaded_count from pg_catalog.pg_class as relations"
                " where relations.oid = {}::regclass"
            ).format(
                self.database.relation(BATCHES),
                sql.Literal(self.base.as_string(self.database.connection)),
            ),
            [self.dataset, self.entity],
        )
        records = float(counted["loaded_count"] or counted["base_count"])
        percent = 100.0 * SAMPLE_RECORDS / max(records, 1.0)
        return percent if percent < 50 else None

    def _take_sample(self) -> None:
        """Sample the latest versions of the dataset, with their failures: repeatable, by blocks."""
        sampling: sql.Composable = sql.SQL("")
        if self.sampled_percent is not None:
            sampling = sql.SQL("tablesample system ({}) repeatable (0)").format(
                sql.Literal(self.sampled_percent)
            )
        self._rows(
            sql.SQL(
                "insert into looked_sample select version._record_id,"
                " coalesce(version._dq_failed, '{{}}') || coalesce(version._dq_warned, '{{}}'), {}"
                " from {} as version {} {} where version._dataset = %s and version._is_latest"
            ).format(self._expressions(), self.base, sampling, self._files()),
            [self.dataset],
        )
        self._rows(sql.SQL("analyze looked_sample"))

    def _take_failing(self, checks: list[str]) -> None:
        """Collect failing records, by their exceptions, or from the sample if there are many.

        Exceptions within the cap are those of the first keys, which do not represent the others.
        An exception names its record, or the key whose latest version it is about.
        """
        exceptions = self.database.relation("quality.open_exceptions")
        about = {"checks": checks, "dataset": self.dataset, "entity": self.entity}
        known = self._rows(sql.SQL(KNOWN_CHECKS).format(exceptions=exceptions), about)
        from_sample = [
            row["check_id"]
            for row in known
            if row["is_capped"]
            or (row["known_count"] > SAMPLE_FAILING and row["seen_count"] >= SEEN_OFTEN)
        ]
        others = [row for row in known if row["check_id"] not in from_sample]
        self._rows(
            sql.SQL(TAKE_EXCEPTIONS).format(exceptions=exceptions),
            {
                **about,
                "checks": [row["check_id"] for row in others],
                "one_in": [-(-row["known_count"] // SAMPLE_FAILING) for row in others],
            },
        )
        self._rows(sql.SQL("analyze looked_exceptions"))
        self._rows(
            sql.SQL(TAKE_FAILING).format(
                base=self.base,
                expressions=self._expressions(),
                names=self._names(),
                files=self._files(),
                rejected=self._rejected(),
            ),
            {"dataset": self.dataset, "from_sample": from_sample},
        )
        self._rows(sql.SQL("analyze looked_failing"))

    def _without(self, traits: Sequence[Trait]) -> sql.Composable:
        """SQL of the condition that a record has none of the traits."""
        names = [feature.name for feature in self.features]
        conditions = [
            sql.SQL("{} is distinct from {}").format(
                sql.Identifier(f"f{names.index(name)}"), sql.Literal(value)
            )
            for name, value in traits
        ]
        return sql.SQL(" and ").join([sql.SQL("true"), *conditions])

    def _judge(
        self, check: str | None, traits: Sequence[Trait], checks_tried: int
    ) -> list[Standout]:
        """Count each value among failing and other records, and keep the most significant.

        Significance: of N records, n failing and K with the value, at least k of the failing ones
        have it by chance with a probability of at most exp(-n D(k/n || K/N)); the same bound holds
        for the other records (Hoeffding 1963; D is the relative entropy).
        """
        pairs = sql.SQL(", ").join(
            sql.SQL("({}, {})").format(sql.Literal(feature.name), sql.Identifier(f"f{n}"))
            for n, feature in enumerate(self.features)
        )
        places = sql.SQL(", ").join(
            sql.SQL("({}, {})").format(sql.Literal(feature.name), sql.Literal(n))
            for n, feature in enumerate(self.features)
        )
        rows = self._rows(
            sql.SQL(STANDING_OUT).format(
                pairs=pairs,
                places=places,
                without=self._without(traits),
                rules=self.database.relation("quality.dq_rules"),
            ),
            {
                "check": check,
                "entity": self.entity,
                "minimum": MINIMUM_FAILING,
                "share": MINIMUM_SHARE,
                "lift": MINIMUM_LIFT,
                "chance": CHANCE,
                "tried": checks_tried,
            },
        )
        return [
            Standout(
                check_id=row["check_id"],
                trait=(row["name"], row["value"]),
                failing=row["failing"],
                failing_total=row["failing_total"],
                passing=row["passing"],
                passing_total=row["passing_total"],
                chance=float(row["chance"]),
                same_records=tuple((name, value) for name, value in row["same_records"]),
            )
            for row in rows
        ]


def _text(name: str) -> Feature:
    return Feature(
        name,
        sql.SQL("left(version.{}::text, {})").format(
            sql.Identifier(name), sql.Literal(TEXT_LENGTH)
        ),
    )


def _day(row: DictRow) -> Feature:
    """The day of a timestamp, in UTC; a date unchanged."""
    name = sql.Identifier(row["name"])
    if row["type"] == "timestamptz":
        expression = sql.SQL("(version.{} at time zone 'UTC')::date::text").format(name)
    elif row["type"] == "timestamp":
        expression = sql.SQL("version.{}::date::text").format(name)
    else:
        return _text(row["name"])
    return Feature(f"{row['name']} (day)", expression)
