"""A user who may do little: what is missing is said with what to do, what is there is enough."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ...pipeline import PROJECT_PARTS, SCHEMAS, STAND_IN, install_packages
from ..conftest import PIPELINE, REPOSITORY
from ..workplace import Server, Workplace

MakeWorkplace = Callable[[Path], Workplace]


@pytest.fixture
def poor(server: Server, database: str) -> Iterator[Server]:
    """The server for a user who may connect to the database, and create nothing in it."""
    user = f"{database}_poor"
    with server.connect(database) as connection:
        connection.execute(f"create role {user} login password 'poor'".encode())
    yield replace(server, user=user, password="poor")
    with server.connect(database) as connection:
        connection.execute(f"drop owned by {user} cascade".encode())
        connection.execute(f"drop role {user}".encode())


def of(workplace: Workplace, user: Server) -> Workplace:
    (workplace.root / "profiles.yml").write_text(user.profile(workplace.database))
    return replace(workplace, server=user)


def rights(workplace: Workplace, **environment: str) -> tuple[int, dict[str, str]]:
    """The doctor's exit code, and what it says of rights."""
    found = workplace.run("doctor", "--json", **environment)
    return found.returncode, next(
        one for one in json.loads(found.stdout) if one["check"] == "rights"
    )


def give_schemas(server: Server, database: str, user: str) -> None:
    with server.connect(database) as connection:
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema} authorization {user}".encode())


def test_what_the_user_may_not_do_is_said_with_what_to_do(
    make_workplace: MakeWorkplace, server: Server, poor: Server, tmp_path: Path
) -> None:
    workplace = of(make_workplace(PIPELINE), poor)
    (tmp_path / "things.csv").write_text("thing_id,amount,note\nT1,1,x\n")
    for command in (["run"], ["load", str(tmp_path), "--dataset", "shop"]):
        found = workplace.run(*command)
        assert found.returncode == 3
        assert "permission denied for database" in found.stderr
        assert "CREATE on the database, or create the schemas for it" in found.stderr
    code, finding = rights(workplace)
    assert (code, finding["status"]) == (2, "fail")
    assert finding["found"].endswith(", ".join(SCHEMAS))

    give_schemas(server, workplace.database, poor.user)
    code, finding = rights(workplace)
    assert (code, finding["status"]) == (0, "ok")
    with server.connect(workplace.database) as connection:
        connection.execute("drop schema marts")
    code, finding = rights(workplace)
    assert finding["found"] == "no right to create the schemas that are missing: marts"

    read_only = {"PGOPTIONS": "-c default_transaction_read_only=on"}
    code, finding = rights(of(workplace, server), **read_only)
    assert (code, finding["status"]) == (2, "fail")
    found = workplace.run("run", **read_only)
    assert found.returncode == 3
    assert "read-only transaction" in found.stderr
    assert "Name a server that may be written to" in found.stderr


def test_schemas_that_are_there_are_enough(
    make_workplace: MakeWorkplace, server: Server, poor: Server, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for part in PROJECT_PARTS:
        (copy / part).symlink_to(REPOSITORY / part)
    install_packages(copy, {"dbt_expectations": STAND_IN})
    workplace = of(make_workplace(copy), poor)
    give_schemas(server, workplace.database, poor.user)
    found = workplace.run("run", "--select", "landing_orders")
    assert "The selection does not include it" in found.stdout, found.stderr
    assert workplace.query("select count(*) from quality.batches") == [(0,)]
