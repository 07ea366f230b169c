"""Build the fixture of the take-over test: a database of an earlier version, with work in it.

    python -m pytests.upgrade.build_earlier_database

Checks the commit below out into a scratch work tree, runs its commands on a scratch server of
PostgreSQL 15 (Debian's, or the one whose programs are in TRUSTGATE_POSTGRES_PROGRAMS), and writes
beside this file the output of pg_dump and what the quality relations say. It takes six minutes, of
which it waits two for attempts to fall due. That commit is the last one before the bookkeeping
tables got an installer.
"""

from __future__ import annotations

import gzip
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ..database import Database, Row, create_database
from ..pipeline import REPOSITORY

COMMIT = "92682b0"
NAMESPACE = "earlier"
MAX_RETRIES = "1"
SECONDS_UNTIL_AN_ATTEMPT_IS_DUE = 70
PROGRAMS = Path(os.environ.get("TRUSTGATE_POSTGRES_PROGRAMS", "/usr/lib/postgresql/15/bin"))
HERE = Path(__file__).parent
DUMP = HERE / "earlier_database.sql.gz"
EXPECTED = HERE / "earlier_database.json"
# What people and the loader wrote, whole; of what runs derive, what people read.
EXPECTED_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("batches", "batch_workers", "rejects", "suppressions", "corrections"),
            *("reprocess_requests", "exception_work", "gate"),
        ),
        "*",
    ),
    "exceptions": (
        "exception_id, dataset, entity, record_key, check_id, severity, status, is_standing,"
        " is_accepted, is_suppressed, episode, occurrences, retry_count, blocked, block_reason,"
        " assigned_to, resolution_action, resolution_notes, investigated_by, resolved_by,"
        " first_seen_run, last_seen_run"
    ),
}
ORDERS = "order_id,customer_id,status,currency,order_total,ordered_at,updated_at\n"
PAYMENTS = "payment_id,order_id,method,amount,currency,status,paid_at,updated_at\n"


def order(number: int) -> str:
    """A good order of 10.00."""
    return (
        f"S-{number},C-{number},delivered,BRL,10.00,"
        f"2026-01-0{number}T10:00:00Z,2026-02-01T10:00:00Z\n"
    )


def payment(number: int, method: str = "boleto") -> str:
    """What was paid for it, captured."""
    return (
        f"T-{number},S-{number},{method},10.00,BRL,captured,"
        f"2026-01-0{number}T11:00:00Z,2026-02-01T10:00:00Z\n"
    )


def manifest(**counts: int) -> str:
    """What the sender says of the files, by entity."""
    return json.dumps(
        {"files": [{"name": f"{name}.csv", "record_count": n} for name, n in counts.items()]}
    )


DELIVERIES: Mapping[str, Mapping[str, str]] = {
    "first": {
        # Two records cannot be read, a blank row is only counted, and a column is unknown.
        "orders.csv": ORDERS.replace("\n", ",channel\n")
        + "".join(order(number).replace("\n", ",web\n") for number in range(1, 10))
        + "S-10,C-10\n"
        + '"S-11,C-11,delivered,BRL,10.00\n'
        + "\n",
        "payments.csv": PAYMENTS + "".join(map(payment, range(1, 5))) + payment(5, "cash"),
        "manifest.json": manifest(orders=11, payments=5),
    },
    "held": {
        "payments.csv": PAYMENTS + payment(6),
        "manifest.json": manifest(payments=2),
    },
    "released": {
        "payments.csv": PAYMENTS + payment(7),
        "manifest.json": manifest(payments=3),
    },
    "rejected": {
        "payments.csv": PAYMENTS + payment(8, "voucher"),
        "manifest.json": manifest(payments=4),
    },
    # More than may be are unreadable: the load comes to nothing, and is on record.
    "failed": {"payments.csv": PAYMENTS + "T-9\n" + payment(9)},
    "waiting": {"payments.csv": PAYMENTS + payment(9, "debit_card")},
}


@dataclass(frozen=True)
class Earlier:
    """The earlier version on a database of its own.

    Attributes:
        root: Its work tree.
    """

    root: Path
    database: Database
    environment: Mapping[str, str]

    def runner(self, *arguments: str, exits_with: int = 0) -> str:
        """What a command of its runner prints.

        Raises: AssertionError if it ends with another exit code.
        """
        done = subprocess.run(
            [sys.executable, "-m", "runner", *arguments],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        print(f"{done.returncode}  runner {' '.join(arguments)}", flush=True)
        assert done.returncode == exits_with, done.stdout + done.stderr
        return done.stdout

    def query(self, statement: str) -> list[Row]:
        """Rows of a statement that writes the schema of quality relations as `quality.`."""
        with self.database.connect() as connection:
            named = statement.replace("quality.", f"{NAMESPACE}_quality.")
            cursor = connection.execute(named.encode())
            return cursor.fetchall() if cursor.description else []

    def change(self, step: str, *arguments: str, by: str = "ada") -> None:
        """Change exceptions of bad."""
        self.runner("exceptions", step, *arguments, "--dataset", "bad", "--by", by, "--yes")

    def suppress(self, check: str, ticket: str, *arguments: str) -> str:
        """Make a suppression about bad. Returns: its id."""
        printed = self.runner(
            *("suppress", "add", "--check", check, "--ticket", ticket, "--reason", "known"),
            *("--dataset", "bad", "--by", "grace", "--json", *arguments),
        )
        return str(json.loads(printed)["suppression_id"])

    def load(self, delivery: str, dataset: str = "shop", exits_with: int = 0) -> None:
        """Load a delivery."""
        self.runner(
            *("load", f"deliveries/{delivery}", "--dataset", dataset),
            *("--max-rejects", "20%", "--workers", "2"),
            exits_with=exits_with,
        )

    def run(self, dataset: str, exits_with: int = 1) -> None:
        """Run the pipeline."""
        self.runner("run", "--dataset", dataset, exits_with=exits_with)


def build(earlier: Earlier) -> None:
    """Bring the database to where every bookkeeping table holds something."""
    earlier.run("good", exits_with=0)
    earlier.run("bad")
    deliver(earlier)
    earlier.run("shop")
    # Before the first attempts are due: what has none left cannot be blocked.
    work_exceptions(earlier)
    time.sleep(SECONDS_UNTIL_AN_ATTEMPT_IS_DUE)
    earlier.run("bad")
    suppress_failures(earlier)
    correct_values(earlier)
    earlier.runner(
        *("reprocess", "--keys", "P-9302,O-9301", "--dataset", "bad"),
        *("--reason", "asked by the shop", "--by", "ada"),
        exits_with=1,
    )
    earlier.runner(
        *("reprocess", "--stale-rules", "--dataset", "bad", "--entity", "orders"),
        *("--reason", "to be sure", "--by", "ada"),
        exits_with=1,
    )
    # So that every attempt allowed was made, and a later run finds none due.
    time.sleep(SECONDS_UNTIL_AN_ATTEMPT_IS_DUE)
    earlier.run("shop")
    earlier.run("bad")
    leave_work_waiting(earlier)


def deliver(earlier: Earlier) -> None:
    """Load a good delivery, three that are held, and one that comes to nothing."""
    earlier.load("first")
    for delivery in ("held", "released", "rejected"):
        earlier.load(delivery, exits_with=1)
    earlier.load("failed", exits_with=3)
    (held,) = earlier.query(
        "select max(batch_id) filter (where expected_count = 3),"
        " max(batch_id) filter (where expected_count = 4) from quality.batches"
    )
    earlier.runner("batches", "release", held[0], "--reason", "one it is", "--by", "grace")
    earlier.runner("batches", "reject", held[1], "--reason", "comes again", "--by", "grace")


def work_exceptions(earlier: Earlier) -> None:
    """Take exceptions of bad to each status and back."""
    earlier.change("ack", "--check", "order_currency_format", "--note", "asked the shop")
    earlier.change("ack", "--check", "payment_method_known", "--key", "P-1214")
    earlier.change("start", "--check", "payment_method_known", "--key", "P-1214", by="grace")
    earlier.change("assign", "--check", "payment_amount_positive", "--to", "linus")
    accept = ("--action", "accepted", "--through", "--note", "rounded, FIN-7")
    earlier.change("resolve", "--check", "recon_order_totals", "--key", "O-9205", *accept)
    correct = ("--action", "corrected", "--through", "--note", "the shop sends it again")
    earlier.change("resolve", "--check", "order_status_known", "--key", "O-1001", *correct)
    reject = ("--action", "rejected", "--through", "--note", "it was a test")
    earlier.change("resolve", "--check", "payment_status_known", "--key", "P-9118", *reject)
    ignore = ("--through", "--note", "an old order; it's fine")
    earlier.change("ignore", "--check", "order_not_too_old", *ignore)
    earlier.change("ignore", "--check", "order_updated_at_present", "--through")
    earlier.change("reopen", "--check", "order_updated_at_present", "--note", "not so sure")
    block = ("--key", "P-9201", "--note", "waiting for the bank")
    earlier.change("block", "--check", "payment_order_exists", *block)
    earlier.change("block", "--check", "payment_order_exists", "--key", "P-9203", "--note", "wait")
    earlier.change("unblock", "--check", "payment_order_exists", "--key", "P-9203", by="grace")
    earlier.change("retry", "--check", "order_customer_present", by="grace")


def suppress_failures(earlier: Earlier) -> None:
    """Suppressions of a check, of an entity and of a record; one revoked, one expired."""
    earlier.suppress("order_currency_format", "SHOP-1", "--expires", "2999-12-31")
    earlier.suppress(
        *("payment_order_exists", "SHOP-2", "--entity", "payments", "--key", "P-9202"),
        *("--expires", "2999-12-31"),
    )
    revoked = earlier.suppress(
        "payment_currency_known", "SHOP-3", "--entity", "payments", "--expires", "2999-12-31"
    )
    earlier.runner("suppress", "revoke", revoked, "--by", "grace")
    soon = datetime.now(timezone.utc) + timedelta(seconds=15)
    earlier.suppress("payment_method_known", "SHOP-4", "--expires", soon.isoformat())


def correct_values(earlier: Earlier) -> None:
    """A correction that holds, and one that was applied and taken back."""

    def correct(entity: str, key: str, change: str) -> str:
        arguments = ("--dataset", "bad", "--by", "ada", "--reprocess", "--json")
        earlier.runner(
            *("correct", entity, key, change, "--reason", "typing error, see T-42"),
            *arguments,
            exits_with=1,
        )
        ((found,),) = earlier.query(
            f"select correction_id::text from quality.corrections where record_key = '{key}'"
        )
        return str(found)

    correct("payments", "P-9105", "method=voucher")
    reverted = correct("payments", "P-9110", "amount=58.50")
    earlier.runner("correct", "revert", reverted, "--by", "grace", "--dataset", "bad")
    earlier.run("bad")


def leave_work_waiting(earlier: Earlier) -> None:
    """What the next run of whatever version has to take in: a request, a correction, a load.

    None of it is about the datasets whose gate and exceptions are compared.
    """
    earlier.query(
        "insert into quality.reprocess_requests (request_id, dataset, entity, scope, record_key,"
        " reason, requested_by, requested_at) values (gen_random_uuid(), 'good', 'payments', 'key',"
        " 'P-1013', 'written in psql', 'ada', now())"
    )
    earlier.runner(
        *("correct", "orders", "O-1010", "customer_id=C-4711", "--dataset", "good"),
        *("--reason", "the customer moved", "--by", "ada"),
    )
    earlier.load("waiting", dataset="later")


def said(database: Database, namespace: str) -> dict[str, list[dict[str, Any]]]:
    """What the quality relations say, by relation; the gate of the dataset that ran last."""
    with database.connect() as connection:
        connection.execute("set time zone 'UTC'")
        connection.execute("set jit = off")
        return {
            name: [
                row
                for (row,) in connection.execute(
                    f"select to_jsonb(found) from (select {columns} from"
                    f" {namespace}_quality.{name}) as found order by to_jsonb(found)::text".encode()
                )
            ]
            for name, columns in EXPECTED_COLUMNS.items()
        }


def write(database: Database) -> None:
    """Write the fixture."""
    dumped = subprocess.run(
        [
            *(str(PROGRAMS / "pg_dump"), "--host", database.host, "--port", str(database.port)),
            *("--username", database.user, "--dbname", database.name),
            *("--no-owner", "--no-privileges", "--column-inserts", "--rows-per-insert=1000"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # psql's own commands, which newer versions of pg_dump write: another client knows none.
    statements = "".join(
        line for line in dumped.splitlines(keepends=True) if not line.startswith("\\")
    )
    with DUMP.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(statements.encode())
    relations = [
        f"{json.dumps(name)}: [\n" + ",\n".join(map(line_of, rows)) + "\n]"
        for name, rows in said(database, NAMESPACE).items()
    ]
    EXPECTED.write_text("{\n" + ",\n".join(relations) + "\n}\n", encoding="utf-8")


def line_of(row: Mapping[str, Any]) -> str:
    """A row as a line of JSON, without what is null."""
    given = {name: value for name, value in row.items() if value is not None}
    return json.dumps(given, sort_keys=True, ensure_ascii=False)


@contextmanager
def work_tree(folder: Path) -> Iterator[Path]:
    """The earlier version, checked out."""
    root = folder / "project"
    git = ("git", "-C", str(REPOSITORY), "worktree")
    subprocess.run([*git, "add", "--detach", str(root), COMMIT], check=True, capture_output=True)
    try:
        yield root
    finally:
        subprocess.run([*git, "remove", "--force", str(root)], check=True)


@contextmanager
def server(folder: Path) -> Iterator[Database]:
    """A server of the programs, on a socket in the folder."""
    data = folder / "data"
    data.mkdir()
    as_owner: Sequence[str] = ()
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        owner = pwd.getpwnam("postgres")
        folder.chmod(0o711)
        os.chown(data, owner.pw_uid, owner.pw_gid)
        as_owner = ("setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}")
        as_owner = (*as_owner, "--clear-groups")

    def program(name: str, *arguments: str) -> None:
        subprocess.run(
            [*as_owner, str(PROGRAMS / name), "-D", str(data), *arguments],
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )

    program("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses='' -c unix_socket_directories={data} -c fsync=off"
    program("pg_ctl", "start", "-w", "-o", options, "-l", str(data / "log"))
    try:
        yield Database(str(data), 5432, "postgres", "", "postgres")
    finally:
        program("pg_ctl", "stop", "-m", "fast")


def main() -> None:
    """Build the fixture."""
    folder = Path(tempfile.mkdtemp(prefix="tg"))
    try:
        with work_tree(folder) as root, server(folder) as maintenance:
            for delivery, files in DELIVERIES.items():
                (root / "deliveries" / delivery).mkdir(parents=True)
                for name, content in files.items():
                    (root / "deliveries" / delivery / name).write_text(content)
            create_database(maintenance, "earlier")
            database = Database(maintenance.host, 5432, "postgres", "", "earlier")
            (root / "profiles.yml").write_text(json.dumps(database.profile()))  # JSON is YAML
            environment = {
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("TRUSTGATE_", "DBT_", "DATA_DIR"))
            }
            environment |= {
                "PYTHONPATH": str(root),
                "TRUSTGATE_NAMESPACE": NAMESPACE,
                "TRUSTGATE_MAX_RETRIES": MAX_RETRIES,
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
            }
            earlier = Earlier(root, database, environment)
            earlier.runner("deps")
            build(earlier)
            write(database)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
