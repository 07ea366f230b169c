"""`runner new-entity`: what it suggests, shows and writes, and what it refuses."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from runner.commands.cli import main
from runner.dbt.declarations import DeclaredModel
from runner.loading.entities import Entity, entities_of
from runner.loading.reading import Record, open_source

from ...database import Database, scratch_database
from ...pipeline import REPOSITORY, copy_project

REFUNDS = """\
refund_id,payment_id,amount,currency,refunded_at,updated_at
R-1,P-1002,3.13,BRL,2026-01-10T09:00:00Z,2026-01-10T09:00:00Z
R-2,P-1124,10.00,BRL,1/31/2026 14:05,2026-02-01T08:00:00Z
R-2,P-1124,12.50,BRL,1/31/2026 14:05,2026-02-02T08:00:00Z
"""
META = """
entity: refunds
key: refund_id
version: updated_at
amount: amount
unknown_columns: keep
joins:
  parent: {to: stg_payments, field: payment_id, column: payment_id}
rules:
  - {id: refund_id_present, column: refund_id, check: not_null}
  - {id: refund_payment_id_present, column: payment_id, check: not_null}
  - id: refund_payment_exists
    column: payment_id
    check: relationships
    to: stg_payments
    field: payment_id
  - {id: refund_amount_parses, column: amount, check: parses_as, type: "numeric(14,2)"}
  - {id: refund_refunded_at_parses, column: refunded_at, check: parses_as, type: timestamptz}
  - {id: refund_refunded_at_present, column: refunded_at, check: not_null, severity: warn}
  - {id: refund_refunded_at_not_in_future, column: refunded_at, check: not_in_future}
  - {id: refund_updated_at_parses, column: updated_at, check: parses_as, type: timestamptz}
  - {id: refund_updated_at_present, column: updated_at, check: not_null, severity: warn}
  - {id: refund_updated_at_not_in_future, column: updated_at, check: not_in_future}
  - {id: refund_versions_agree, check: no_conflicting_versions}
"""
OPTIONS = ("--key", "refund_id", "--version", "updated_at", "--parent", "payments")
FILES = {
    "refunds.yml",
    *(
        f"{layer}_refunds.sql"
        for layer in ("landing", "raw", "base", "stg", "candidate_fct", "fct")
    ),
}


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    exit_code: int
    output: str
    errors: str

    @property
    def words(self) -> str:
        """All it said, on one line."""
        return " ".join(f"{self.output} {self.errors}".split())

    @property
    def json(self) -> Any:
        return json.loads(self.output)


@dataclass(frozen=True)
class Demo:
    """A copy of the demo project, and a directory for files."""

    root: Path
    incoming: Path
    capture: pytest.CaptureFixture[str] | None = None

    def file(self, name: str, content: str | bytes) -> Path:
        """A file that is sent."""
        path = self.incoming / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def call(self, name: str, path: Path, *options: str) -> Said:
        """Call `runner new-entity`; nobody can be asked."""
        assert self.capture is not None
        place = ("--project-dir", str(self.root))
        with pytest.raises(SystemExit) as caught:
            main(["new-entity", name, "--from", str(path), *options, *place])
        said = self.capture.readouterr()
        assert isinstance(caught.value.code, int)
        return Said(caught.value.code, said.out, said.err)

    def proposed(self, name: str, path: Path, *options: str) -> Any:
        """What would be written, as JSON."""
        said = self.call(name, path, "--json", *options)
        assert said.exit_code == 0, said.output
        return said.json

    def contents(self) -> dict[str, bytes]:
        """Everything that belongs to the project."""
        paths = [self.root / "dbt_project.yml", *(self.root / "models").rglob("*")]
        return {str(path): path.read_bytes() for path in paths if path.is_file()}


@pytest.fixture(scope="module")
def database(project_server: Database) -> Iterator[Database]:
    with scratch_database(project_server, f"trustgate_new_entity_{os.getpid()}") as database:
        yield database


@pytest.fixture(scope="module")
def copy(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("new_entity")
    copy_project(folder / "project", database)
    incoming = folder / "incoming"
    incoming.mkdir()
    return Demo(folder / "project", incoming)


@pytest.fixture
def demo(copy: Demo, capsys: pytest.CaptureFixture[str]) -> Iterator[Demo]:
    """The demo as git has it, whatever a test writes."""
    before = copy.contents()
    yield Demo(copy.root, copy.incoming, capsys)
    for path in copy.contents():
        if path not in before:
            Path(path).unlink()
    for path, content in before.items():
        if Path(path).read_bytes() != content:
            Path(path).write_bytes(content)


def base_of(files: Mapping[str, str], name: str) -> dict[str, Any]:
    """The base model of an entity as its YAML declares it."""
    (text,) = (text for path, text in files.items() if path.endswith(f"/{name}.yml"))
    models: list[dict[str, Any]] = yaml.safe_load(text)["models"]
    return next(model for model in models if model["name"] == f"base_{name}")


def entity_of(files: Mapping[str, str], name: str) -> Entity:
    """The entity as a load would know it."""
    model = base_of(files, name)
    columns = tuple(column["name"] for column in model["columns"])
    (entity,) = entities_of([DeclaredModel(model["name"], model["config"]["meta"], columns)])
    return entity


def types_of(proposed: Any) -> dict[str, str]:
    return {column["name"]: column["type"] for column in proposed["columns"]}


def test_without_a_yes_it_shows_a_diff_and_writes_nothing(demo: Demo) -> None:
    before = demo.contents()
    said = demo.call("refunds", demo.file("refunds.csv", REFUNDS), *OPTIONS)
    assert said.exit_code == 0
    assert "+++ b/models/refunds/refunds.yml" in said.output
    assert "+{{ trustgate.base(parents=['payments']) }}" in said.output
    assert "-    entities: [orders, payments]\n+    entities: [orders, payments, refunds]" in (
        said.output
    )
    assert "Nothing was written: there is no terminal to confirm on. Use --yes." in said.words
    assert demo.contents() == before


def test_with_a_yes_it_writes_what_the_diff_shows(demo: Demo, tmp_path: Path) -> None:
    before = demo.contents()
    path = demo.file("refunds.csv", REFUNDS)
    proposed = demo.proposed("refunds", path, *OPTIONS)
    assert not proposed["is_written"]
    assert demo.contents() == before
    said = demo.call("refunds", path, *OPTIONS, "--yes")
    assert said.exit_code == 0
    assert "Wrote 7 files, and its line in dbt_project.yml." in said.words
    written = {
        path: content for path, content in demo.contents().items() if before.get(path) != content
    }
    assert {Path(path).name for path in written} == {*FILES, "dbt_project.yml"}
    assert {Path(path).name for path in proposed["files"]} == FILES
    for path_in_project, text in proposed["files"].items():
        assert (demo.root / path_in_project).read_text() == text
    # The diff is one that patch takes, and comes to the same.
    patched = tmp_path / "patched"
    for path_before, content in before.items():
        file = patched / Path(path_before).relative_to(demo.root)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    subprocess.run(
        ["git", "apply", "-"], cwd=patched, input=proposed["diff"], text=True, check=True
    )
    for path_written, content in written.items():
        assert (patched / Path(path_written).relative_to(demo.root)).read_bytes() == content


def test_what_it_suggests_for_the_refunds(demo: Demo) -> None:
    proposed = demo.proposed("refunds", demo.file("refunds.csv", REFUNDS), *OPTIONS)
    types = ["text", "text", "numeric(14,2)", "text", "timestamptz", "timestamptz"]
    assert list(types_of(proposed).values()) == types
    assert base_of(proposed["files"], "refunds")["config"]["meta"] == yaml.safe_load(META)


TYPES = {
    # Name: values, type, what formats say of it.
    "id": (["1", "20", "300"], "bigint", None),
    "order_id": (["1001", "A-12", "1003"], "text", None),
    "quantity": (["1", "-20", "1,234"], "integer", None),
    "views": (["1", "20000000000", "3"], "bigint", None),
    "postcode": (["01234", "99999", "12345"], "text", None),
    "telephone": (["+5511987654321", "+4930123456", ""], "text", None),
    "order_total": (["10", "20", "30"], "numeric(14,2)", None),
    "rate": (["0.125", "1.5", "-2"], "numeric(15,3)", None),
    "weight": (["0.1234567", "1", "2"], "numeric", None),
    "price": (["1.234,50", "0,99", "12,00"], "numeric(14,2)", {"decimal_mark": ","}),
    "born_on": (["1990-01-31", "2/28/2001", ""], "date", None),
    "seen_at": (["2026-01-05 10:00", "1/31/2026 14:05", "2026-01-05"], "timestamptz", None),
    "paid_at": (
        *(["31/01/2026 10:00", "01/02/2026 10:00", "2026-02-03T10:00:00Z"], "timestamptz"),
        {"timestamp_formats": ["iso", "eu"]},
    ),
    "sent_on": (
        ["31.01.2026", "01.02.2026", ""],
        "date",
        {"timestamp_formats": ["DD.MM.YYYY"]},
    ),
    "booking_date": (
        *(["20260131", "20260201", "20260202"], "date"),
        {"timestamp_formats": ["YYYYMMDD"]},
    ),
    "batch": (["20260131", "20260201", "20260202"], "integer", None),
    "is_new": (["true", "false", "true"], "boolean", None),
    "is_active": (["y", "N", "y"], "boolean", None),
    "flag": (["1", "0", "1"], "integer", None),
    "sex": (["f", "f", "f"], "text", None),
    "token": (["6f1c2c0e-0d7e-4b7e-9a57-3f1f0c1f9a10", "", ""], "uuid", None),
    "note": (["", " ", ""], "text", None),
    "amount": (["NaN", "1e5", "x"], "text", None),
}


def test_types_are_those_in_which_base_reads_the_values(demo: Demo) -> None:
    rows = zip(*(values for values, _, _ in TYPES.values()), strict=True)
    lines = [",".join(f'"{value}"' for value in row) for row in [tuple(TYPES), *rows]]
    path = demo.file("things.csv", "\n".join(lines) + "\n")
    proposed = demo.proposed("things", path, "--key", "id")
    assert types_of(proposed) == {name: type_name for name, (_, type_name, _) in TYPES.items()}
    assert not any(column["unreadable"] for column in proposed["columns"])
    meta = base_of(proposed["files"], "things")["config"]["meta"]
    assert meta["formats"] == {name: how for name, (_, _, how) in TYPES.items() if how}


def test_a_few_broken_values_make_no_other_type(demo: Demo) -> None:
    amounts = [f"{number}.50" for number in range(97)] + ["12.5.0", "ten", ""]
    path = demo.file(
        "things.csv", "id,amount\n" + "".join(f"{n},{one}\n" for n, one in enumerate(amounts))
    )
    said = demo.call("things", path, "--key", "id")
    assert "amount numeric(14,2), 1 empty" in said.words
    assert "amount: 2 of 99 values cannot be read as numeric(14,2), such as '12.5.0'." in said.words
    mixed = demo.file("things.csv", "id,amount\n1,2.50\n2,ten\n")
    assert types_of(demo.proposed("things", mixed, "--key", "id"))["amount"] == "text"


def test_rules_are_those_that_the_sample_keeps(demo: Demo) -> None:
    rows = "".join(
        f"{n},{'' if n == 3 else '2026-01-05'},2999-01-01,2026-01-05,{'ab'[n % 2]},{n}\n"
        for n in range(40)
    )
    path = demo.file("visits.csv", f"visit_id,came_on,leaves_on,due_date,state,code\n{rows}")
    proposed = demo.proposed("visits", path, "--key", "visit_id")
    assert proposed["rules"] == [
        *("visit_id_present", "visit_id_parses"),
        *("visit_came_on_parses", "visit_came_on_not_in_future"),
        *("visit_leaves_on_parses", "visit_leaves_on_present"),
        *("visit_due_date_parses", "visit_due_date_present"),
        "visit_code_parses",
    ]
    (text,) = (text for name, text in proposed["files"].items() if name.endswith(".yml"))
    proposal = "# - {id: visit_state_known, column: state, check: accepted_values, values: [a, b]}"
    assert proposal in text


def test_an_ambiguous_form_is_named(demo: Demo) -> None:
    path = demo.file("things.csv", 'id,at,amount\n1,01/02/2026 10:00,"1,234"\n')
    said = demo.call("things", path, "--key", "id")
    assert (
        "at: the values are read as M/D/YYYY; with timestamp_formats [iso, eu] they" in said.words
    )
    assert "amount: the values are read with a decimal point; with decimal_mark ','" in said.words


def _parquet(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"Item No": ["a", "b"], "user": ["x", None], "amount": [1.5, 2.25]})
    parquet.write_table(table, path)


FIXED_WIDTH = """
kind: fixed_width
layout:
  - {name: item, start: 1, length: 2}
  - {name: amount, start: 3, length: 5}
"""
FORMATS: dict[str, tuple[str, Callable[[Path], Any], tuple[str, ...], dict[str, str]]] = {
    "delimited": (
        "items.csv",
        lambda path: path.write_text("Item No,user,amount\na,x,1.50\nb,,2.25\n"),
        (),
        {"Item No": "item_no", "user": "item_user", "amount": "amount"},
    ),
    "semicolons, Latin-1, packed": (
        "items-2026.csv.gz",
        lambda path: path.write_bytes(
            gzip.compress("Item No;Größe;amount\nä;x;1.50\nb;;2.25\n".encode("latin-1"))
        ),
        ("--format", '{delimiter: ";", encoding: latin-1}'),
        {"Item No": "item_no", "Größe": "groe", "amount": "amount"},
    ),
    "JSON Lines": (
        "items.jsonl",
        lambda path: path.write_text(
            '{"Item No": "a", "amount": 1.50}\n{"Item No": "b", "user": "x", "amount": 2.25}\n'
        ),
        (),
        {"Item No": "item_no", "amount": "amount", "user": "item_user"},
    ),
    "Parquet": (
        "items.parquet",
        _parquet,
        (),
        {"Item No": "item_no", "user": "item_user", "amount": "amount"},
    ),
    "fixed width": (
        "items.dat",
        lambda path: path.write_text("a  1.50\nb  2.25\n"),
        ("--format", FIXED_WIDTH),
        {"item": "item", "amount": "amount"},
    ),
    "without a header": (
        "items.psv",
        lambda path: path.write_text("a|1.50\nb|2.25\n"),
        ("--format", "{has_header: false, columns: [item, amount]}"),
        {"item": "item", "amount": "amount"},
    ),
    "mapped already": (
        "items.csv",
        lambda path: path.write_text("Item No,user,amount\na,x,1.50\nb,,2.25\n"),
        ("--format", "column_mapping: {Item No: number, user: who}"),
        {"Item No": "number", "user": "who", "amount": "amount"},
    ),
}


@pytest.mark.parametrize(("name", "write", "options", "names"), FORMATS.values(), ids=FORMATS)
def test_any_file_that_a_load_reads_becomes_an_entity_that_a_load_reads_it_into(
    demo: Demo,
    name: str,
    write: Callable[[Path], Any],
    options: tuple[str, ...],
    names: dict[str, str],
) -> None:
    path = demo.incoming / name
    write(path)
    key = next(iter(names))
    proposed = demo.proposed("items", path, "--key", key, *options)
    assert list(types_of(proposed)) == list(names.values())
    assert types_of(proposed)["amount"] == "numeric(14,2)"
    meta = base_of(proposed["files"], "items")["config"]["meta"]
    assert meta["key"] == names[key]
    entity = entity_of(proposed["files"], "items")
    source = open_source(path, entity.format_of(path), entity.columns)
    loaded = [row for segment in source.segments() for row in source.reader.rows(segment)]
    place = source.reader.columns.index("amount")
    amounts = [float(row.values[place] or "nan") for row in loaded if isinstance(row, Record)]
    assert amounts == [1.5, 2.25]
    assert not any(row.extra for row in loaded if isinstance(row, Record))


def test_a_format_may_stand_in_a_file(demo: Demo, tmp_path: Path) -> None:
    declared = tmp_path / "format.yml"
    declared.write_text('delimiter: ";"\n')
    path = demo.file("items.csv", "item;amount\na;1.50\n")
    proposed = demo.proposed("items", path, "--key", "item", "--format", f"@{declared}")
    assert base_of(proposed["files"], "items")["config"]["meta"]["format"] == {"delimiter": ";"}


REFUSALS: dict[str, tuple[str, str, str | bytes, tuple[str, ...], str]] = {
    "a reserved word": ("order", "x.csv", "a\n1\n", ("--key", "a"), "reserved word of PostgreSQL"),
    "capitals": ("Refunds", "x.csv", "a\n1\n", ("--key", "a"), "'Refunds' cannot be the name of"),
    "a hyphen": ("re-funds", "x.csv", "a\n1\n", ("--key", "a"), "cannot be the name of an entity"),
    "registered": ("orders", "x.csv", "a\n1\n", ("--key", "a"), "Entity orders is registered"),
    "an empty file": ("things", "x.csv", "", ("--key", "a"), "x.csv is empty."),
    "a header alone": ("things", "x.csv", "a,b\n", ("--key", "a"), "x.csv holds no record."),
    "no text": ("things", "x.csv", b"a,b\n\xff\xfe,1\n", ("--key", "a"), "BAD_ENCODING"),
    "broken quotes": ("things", "x.csv", 'a,b\n1,"x"y\n', ("--key", "a"), "BROKEN_QUOTING"),
    "no name to go by": ("things", "x.xlsx", "a\n1\n", ("--key", "a"), "unknown from its name"),
    "another delimiter": (
        *("things", "x.csv", "a;b\n1;2\n", ("--key", "a")),
        "--format 'delimiter: \";\"'",
    ),
    "no such key": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "c")),
        "x.csv has no column c, which --key names. It has a, b.",
    ),
    "no such version": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "a", "--version", "c")),
        "x.csv has no column c, which --version names. It has a, b.",
    ),
    "an unknown parent": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "a", "--parent", "shops")),
        "There is no entity shops. Known entities: orders, payments.",
    ),
    "a parent that is not named": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "a", "--parent", "orders")),
        "x.csv has no column order_id, the key of orders",
    ),
    "a format that is none": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "a", "--format", "tabs")),
        "'tabs' is not a mapping",
    ),
    "a format that cannot be read": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "a", "--format", "{a")),
        "it cannot be read",
    ),
    "an unknown key of the format": (
        *("things", "x.csv", "a,b\n1,2\n", ("--key", "a", "--format", "{separator: x}")),
        "unknown key 'separator'",
    ),
    "a column twice": ("things", "x.csv", "a,a\n1,2\n", ("--key", "a"), "given twice a"),
    "a layout with a reserved word": (
        *("things", "x.dat", "ab\n", ("--key", "a")),
        "'user' of the format cannot be a column of the entity. Use another name there",
    ),
}
LAYOUT = """
kind: fixed_width
layout: [{name: a, start: 1, length: 1}, {name: user, start: 2, length: 1}]
"""


@pytest.mark.parametrize(
    ("name", "file", "content", "options", "words"), REFUSALS.values(), ids=REFUSALS
)
def test_bad_input_is_a_sentence_and_exit_code_2(
    demo: Demo, name: str, file: str, content: str | bytes, options: tuple[str, ...], words: str
) -> None:
    before = demo.contents()
    if file.endswith(".dat"):
        options = (*options, "--format", LAYOUT)
    said = demo.call(name, demo.file(file, content), *options, "--yes")
    assert said.exit_code == 2
    assert words in said.words
    assert "Traceback" not in said.words and "Unexpected error" not in said.words
    assert demo.contents() == before


def test_a_file_that_is_not_there_is_exit_code_2(demo: Demo) -> None:
    for path, words in (
        (demo.incoming / "absent.csv", "absent.csv does not exist."),
        (demo.incoming, "is a directory."),
    ):
        said = demo.call("things", path, "--key", "a", "--yes")
        assert (said.exit_code, words in said.words) == (2, True), said.words


def test_nothing_is_ever_overwritten(demo: Demo) -> None:
    path = demo.file("refunds.csv", REFUNDS)
    mine = demo.root / "models" / "elsewhere" / "stg_refunds.sql"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("select 1 as mine\n")
    before = demo.contents()
    said = demo.call("refunds", path, *OPTIONS, "--yes")
    assert said.exit_code == 2
    assert "models/elsewhere/stg_refunds.sql is there already." in said.words
    assert demo.contents() == before
    mine.unlink()
    mine.parent.rmdir()
    assert demo.call("refunds", path, *OPTIONS, "--yes").exit_code == 0
    written = demo.contents()
    again = demo.call("refunds", path, *OPTIONS, "--yes")
    assert again.exit_code == 2
    assert "Entity refunds is registered already" in again.words
    assert demo.contents() == written


def test_a_registry_that_cannot_be_edited_is_left_to_its_owner(demo: Demo) -> None:
    project = demo.root / "dbt_project.yml"
    text = project.read_text().replace("  trustgate:\n", "  trustgate: &registry\n")
    text = text.replace("\nseeds:\n", "\n  mine: *registry\n\nseeds:\n")
    project.write_text(text)
    said = demo.call("refunds", demo.file("refunds.csv", REFUNDS), *OPTIONS, "--yes")
    assert said.exit_code == 0
    assert "The registry cannot be edited; add to dbt_project.yml yourself:" in said.words
    assert "candidates: {refunds: candidate_fct_refunds}" in said.words
    assert "Wrote 7 files." in said.words
    assert project.read_text() == text


@pytest.mark.parametrize(("answer", "is_written"), [("y", True), ("n", False)])
def test_on_a_terminal_it_asks(demo: Demo, answer: str, is_written: bool) -> None:
    path = demo.file("refunds.csv", REFUNDS)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "runner", "new-entity", "refunds", "--from", str(path)),
            *("--key", "refund_id"),
        ],
        cwd=demo.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    output, _ = process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == 0, output
    assert "Write this? [y/N]" in output
    assert ("Wrote 7 files" in output, "Nothing was written." in output) == (
        *(is_written, not is_written),
    )
    assert (demo.root / "models" / "refunds" / "refunds.yml").exists() == is_written
