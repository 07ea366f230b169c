"""A shop with a few failures of each kind, and the command line on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from runner.commands.cli import main
from runner.postgres.database import Database
from runner.project import Project

from ..conftest import MakePipeline
from ..pipeline import REPOSITORY, Pipeline

LOADED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
BUILD = ("run", "--exclude", "tag:intake")
LOST = tuple(f"O-{number:02}" for number in range(1, 25))
"""Orders with an unknown status; their payments fail with them."""
SHORT = ("S-1", "S-2", "S-3", "S-4")
"""Orders whose payment is 2.00 short."""
SETTINGS = ("TRUSTGATE_DATASET", "DATA_DIR", "DBT_PROFILES_DIR", "DBT_TARGET", "DBT_TARGET_PATH")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shop:
    """A pipeline, and the runner on it."""

    pipeline: Pipeline

    @contextmanager
    def service(self) -> Iterator[Database]:
        """A connection as the runner's service has it."""
        at = self.pipeline.database
        with psycopg.connect(
            host=at.host,
            port=at.port,
            user=at.user,
            password=at.password or None,
            dbname=at.name,
            autocommit=True,
            row_factory=dict_row,
        ) as connection:
            name = self.pipeline.namespace
            yield Database(
                connection, Project(self.pipeline.root, "trustgate", "trustgate", namespace=name)
            )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the runner as a process of its own."""
        environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return subprocess.Popen(
            [sys.executable, "-m", "runner", *arguments],
            cwd=self.pipeline.root,
            env={
                **environment,
                "PYTHONPATH": str(REPOSITORY),
                "TRUSTGATE_NAMESPACE": self.pipeline.namespace,
                "TRUSTGATE_DATASET": self.pipeline.dataset,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def exception(self, check: str, key: str) -> dict[str, Any]:
        """The row of one exception."""
        (found,) = self.pipeline.records(
            f"select * from quality.exceptions where check_id = '{check}' and record_key = '{key}'"
        )
        return found

    def id(self, check: str, key: str) -> str:
        return str(self.exception(check, key)["exception_id"])

    def gate(self, check: str) -> dict[str, Any]:
        """The gate's row of one check."""
        (found,) = self.pipeline.records(f"select * from quality.gate where check_id = '{check}'")
        return found

    def events(self, exception_id: str) -> list[tuple[Any, ...]]:
        """Event, actor, from, to and note, in order."""
        return self.pipeline.query(
            "select event, actor, from_status, to_status, note from quality.exception_events"
            " where exception_id = %s::uuid order by occurred_at",
            [exception_id],
        )

    def load(
        self,
        batch: str,
        orders: list[tuple[str, str, str, str]],
        paid: str = "8.00",
        loaded_at: datetime = LOADED_AT,
    ) -> None:
        """Load orders (id, status, total, day of January), each with a payment of 10.00.

        Args:
            paid: What is paid for those of SHORT.
            loaded_at: When the batch was loaded.
        """
        days = [f"2026-01-{day}T00:00:00Z" for *_, day in orders]
        self.pipeline.load(
            "orders",
            [
                (number, (order, "C-1", status, "BRL", total, days[number - 1], days[number - 1]))
                for number, (order, status, total, _) in enumerate(orders, start=1)
            ],
            f"{batch}-orders",
            loaded_at,
        )
        self.pipeline.load(
            "payments",
            [
                (
                    number,
                    (
                        *(f"P-{order}", order, "boleto", paid if order in SHORT else "10.00"),
                        *("BRL", "captured", days[number - 1], days[number - 1]),
                    ),
                )
                for number, (order, *_) in enumerate(orders, start=1)
            ],
            f"{batch}-payments",
            loaded_at,
        )


Call = Callable[..., Said]


def make_shop(make_pipeline: MakePipeline, cap: int | None = None) -> Shop:
    """A shop with all its failures, built once.

    Args:
        cap: var exception_cap, None for the default.
    """
    shop = Shop(make_pipeline("shop"))
    if cap is not None:
        shop.pipeline.set(exception_cap=cap)
    shop.pipeline.runs("run", "--select", "tag:intake")
    lost = [(order, "lost", "10.00", "02") for order in LOST]
    short = [(order, "approved", "10.00", "02") for order in SHORT]
    shop.load("first", [*lost, *short, ("G-1", "approved", "10.00", "02")])
    shop.pipeline.runs(*BUILD)
    return shop


@pytest.fixture(scope="session")
def shop(make_pipeline: MakePipeline) -> Shop:
    """The shop of the tests that run nothing; those that do have one of their own."""
    return make_shop(make_pipeline)


@pytest.fixture
def call(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Runs a command in this process, about the shop."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRUSTGATE_NAMESPACE", shop.pipeline.namespace)
    monkeypatch.setenv("TRUSTGATE_DATASET", shop.pipeline.dataset)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(shop.pipeline.root)

    def run(*arguments: str) -> Said:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        said = capfdbinary.readouterr()
        assert isinstance(caught.value.code, int)
        return Said(caught.value.code, said.out.decode(), said.err.decode())

    return run
