"""Guards that keep the tree honest: YAML says what SQL does, and one name is one thing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import MakePipeline
from .pipeline import REPOSITORY, Pipeline

PACKAGE = REPOSITORY / "package"
MACROS = PACKAGE / "macros"
GENERIC_TESTS = PACKAGE / "tests" / "generic"
OURS = ("trustgate", "commerce")
LONGEST_MACRO_FILE = 150
DEFINED = re.compile(
    r"{%-?\s*(?P<kind>macro|test|materialization)\s+(?P<name>\w+)(?P<rest>.*?)-?%}", re.DOTALL
)
WHOLE_MACRO = re.compile(r"{%-?\s*(macro|test|materialization)\s+(\w+).*?{%-?\s*end\1", re.DOTALL)
PRIVATE_CALL = re.compile(r"\btrustgate\.(_\w+)\(")
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
LONGEST_MACRO = 60
LONGEST_LINE = 100
EXCEPTIONS = yaml.safe_load(Path(__file__).with_name("macro_exceptions.yml").read_text())
"""Reasons why guards of macros exempt some of them, by guard."""

DEMO = re.compile(r"\b\w*(?:orders|payment|order_)\w*", re.IGNORECASE)


def macro_files() -> list[Path]:
    return sorted(MACROS.rglob("*.sql"))


def defined(file: Path) -> dict[str, list[str]]:
    """Macros of a file, as dbt names them, with the names of their arguments."""
    found = {}
    for match in DEFINED.finditer(file.read_text()):
        name, arguments = match["name"], match["rest"].strip().removeprefix("(")
        if match["kind"] == "materialization":
            name, arguments = f"materialization_{name}_postgres", ""
        elif match["kind"] == "test":
            name = f"test_{name}"
        found[name] = re.findall(r"(\w+)\s*(?:=[^,]*)?(?:,|\)\s*$)", arguments)
    return found


def public(file: Path) -> dict[str, list[str]]:
    return {name: given for name, given in defined(file).items() if not name.startswith("_")}


def declared_macros() -> dict[str, dict[str, Any]]:
    """Macros as declared in all `_macros.yml` and `_tests.yml`, by name."""
    files = [*MACROS.rglob("_macros.yml"), GENERIC_TESTS / "_tests.yml"]
    declared = [yaml.safe_load(file.read_text())["macros"] for file in files]
    return {macro["name"]: macro for listed in declared for macro in listed}


def test_every_public_macro_is_declared_with_all_its_arguments() -> None:
    in_sql = {
        name: arguments
        for file in [*macro_files(), *GENERIC_TESTS.glob("*.sql")]
        for name, arguments in public(file).items()
    }
    in_yaml = {
        name: [argument["name"] for argument in macro.get("arguments", [])]
        for name, macro in declared_macros().items()
    }
    assert in_yaml == in_sql


def test_every_declared_macro_and_argument_is_described() -> None:
    nameless = [
        f"{name}.{part['name']}"
        for name, macro in declared_macros().items()
        for part in [macro, *macro.get("arguments", [])]
        if not part.get("description")
    ]
    assert not nameless


def test_a_file_has_one_public_macro_named_after_it() -> None:
    wrong = {
        str(file.relative_to(REPOSITORY)): sorted(public(file))
        for file in macro_files()
        if list(public(file)) not in ([file.stem], [f"materialization_{file.stem}_postgres"])
    }
    assert not wrong


@pytest.mark.parametrize("file", macro_files(), ids=lambda file: file.stem)
def test_a_macro_file_is_short(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= LONGEST_MACRO_FILE


def package_sql() -> list[Path]:
    return sorted(PACKAGE.rglob("*.sql"))


def assert_only_exceptions(guard: str, wrong: Mapping[str, object]) -> None:
    """What is wrong is listed with a reason, and what is listed is still wrong."""
    listed = EXCEPTIONS[guard]
    new = {name: found for name, found in wrong.items() if not listed.get(name)}
    assert not new, f"{guard}: {new}"
    mended = sorted(set(listed) - set(wrong))
    assert not mended, f"take these out of {guard} in macro_exceptions.yml: {mended}"


def place(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


def test_a_private_macro_is_called_from_its_own_file_only() -> None:
    home = {name: file for file in package_sql() for name in defined(file)}
    wrong = {}
    for file in package_sql():
        calls = set(PRIVATE_CALL.findall(COMMENT.sub("", file.read_text())))
        if found := sorted(name for name in calls if home.get(name) != file):
            wrong[place(file)] = found
    assert not wrong


def test_lines_of_macros_are_short() -> None:
    wrong = {}
    for file in macro_files():
        lengths = [len(line) for line in file.read_text().splitlines()]
        if found := [n for n, length in enumerate(lengths, start=1) if length > LONGEST_LINE]:
            wrong[place(file)] = found
    assert_only_exceptions("long_lines", wrong)


def test_macros_are_indented_by_four() -> None:
    wrong = {}
    for file in macro_files():
        lines = enumerate(file.read_text().splitlines(), start=1)
        if found := [n for n, line in lines if re.match(r"(    )*( {1,3}[^ ]|\s*\t)", line)]:
            wrong[place(file)] = found
    assert not wrong


def test_a_macro_is_short_or_says_why_not() -> None:
    wrong = {}
    for file in macro_files():
        for match in WHOLE_MACRO.finditer(file.read_text()):
            if (length := match[0].count("\n") + 1) > LONGEST_MACRO:
                wrong[match[2]] = length
    assert_only_exceptions("long_macros", wrong)


def framework_files() -> Iterator[Path]:
    """What never names the demo: everything that other projects install."""
    suffixes = (".sql", ".yml", ".md")
    yield from sorted(file for file in PACKAGE.rglob("*.*") if file.suffix in suffixes)


@pytest.mark.parametrize(
    "file", list(framework_files()), ids=lambda file: str(file.relative_to(REPOSITORY))
)
def test_the_framework_does_not_name_the_demo(file: Path) -> None:
    assert not DEMO.findall(COMMENT.sub("", file.read_text()))


def test_versions_are_the_same_everywhere() -> None:
    projects = {
        yaml.safe_load((folder / "dbt_project.yml").read_text())["version"]
        for folder in (REPOSITORY, PACKAGE)
    }
    package = re.search(r'^version = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text(), re.M)
    newest = re.search(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text(), re.M)
    assert package and newest
    assert {package[1], newest[1]} == projects


@pytest.fixture(scope="module")
def pipeline(make_pipeline: MakePipeline) -> Pipeline:
    """The whole pipeline built once, about the dataset that passes."""
    made = make_pipeline("good")
    made.runs("build", "--exclude-resource-type", "test", "unit_test")
    return made


@pytest.fixture(scope="module")
def artifacts(pipeline: Pipeline) -> dict[str, Any]:
    """What dbt knows of the project and of the database: manifest and catalog."""
    outcome = pipeline.dbt("--warn-error", "docs", "generate")
    assert outcome.is_success, outcome.error
    (folder,) = (pipeline.root / "target").glob("*_good")
    return {
        name: json.loads((folder / f"{name}.json").read_text()) for name in ("manifest", "catalog")
    }


def test_every_node_is_described(artifacts: dict[str, Any]) -> None:
    assert not [
        name
        for name, node in artifacts["manifest"]["nodes"].items()
        if node["resource_type"] in ("model", "seed", "snapshot")
        and node["package_name"] in OURS
        and not node["description"]
    ]


def test_every_model_states_its_grain(artifacts: dict[str, Any]) -> None:
    assert not [
        name
        for name, node in artifacts["manifest"]["nodes"].items()
        if node["resource_type"] in ("model", "snapshot")
        and node["package_name"] in OURS
        and "Grain: one row per" not in " ".join(node["description"].split())
    ]


def test_columns_described_are_the_columns_there_are(artifacts: dict[str, Any]) -> None:
    """Of layers of an entity, those that are described: each column is, once, where it is made."""
    manifest, catalog = artifacts["manifest"], artifacts["catalog"]
    nodes = manifest["nodes"] | manifest["sources"]
    wrong = {}
    for name, relation in (catalog["nodes"] | catalog["sources"]).items():
        if nodes[name]["package_name"] not in OURS:
            continue
        columns = nodes[name]["columns"].items()
        described = {column for column, given in columns if given["description"]}
        known = set(relation["columns"])
        if nodes[name].get("config", {}).get("meta", {}).get("layer"):
            known &= described
        if different := described ^ known:
            wrong[name] = sorted(different)
    assert not wrong
    assert len(catalog["nodes"]) > 40


def test_parsing_warns_of_nothing(pipeline: Pipeline) -> None:
    outcome = pipeline.dbt("--warn-error", "parse", "--no-partial-parse")
    assert outcome.is_success, outcome.error


def test_a_second_snapshot_writes_nothing(pipeline: Pipeline) -> None:
    history = "quality.published_revenue_daily_history"
    before = pipeline.row_versions()[history]
    assert before
    pipeline.runs("snapshot")
    assert pipeline.row_versions()[history] == before


def test_an_example_that_its_rule_evaluates_differently_is_named(pipeline: Pipeline) -> None:
    declared = 'examples: {pass: ["boleto", null], fail: ["cash"]}'
    wrong = 'examples: {pass: ["boleto", "cheque"], fail: ["cash"]}'
    path = "models/payments/payments.yml"
    pipeline.edit(path, declared, wrong)
    outcome = pipeline.runs("test", "--select", "test_name:rule_examples")
    pipeline.edit(path, wrong, declared)
    assert outcome.statuses["trustgate_rule_examples_base_payments_"] == "warn"
    assert outcome.statuses["trustgate_rule_examples_base_orders_"] == "pass"
    (found,) = pipeline.query(outcome.compiled["trustgate_rule_examples_base_payments_"])
    assert found == ("payment_method_known", "pass", 2, '"cheque"')


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('fail: ["cash"]', "fail: [7]", "method is 7, allowed is text"),
        ('fail: ["cash"]', 'fails: ["cash"]', "argument is 'fails', allowed are pass, fail"),
        ('fail: ["cash"]', "fail: cash", "fail is 'cash', allowed is a list of examples"),
        ('fail: ["cash"]', "fail: [{way: cash}]", "column is 'way', allowed are payment_id,"),
        (
            "message: another payment_id carries",
            "examples: {fail: [x]}\n            message: another payment_id carries",
            "expect_compound_columns_to_be_unique compares a record with others",
        ),
        (
            "message: the order of this payment",
            "examples: {fail: [x]}\n            message: the order of this payment",
            "relationships compares a record with others",
        ),
    ],
)
def test_a_misdeclared_example_is_an_error_that_says_so(
    pipeline: Pipeline, old: str, new: str, complaint: str
) -> None:
    path = "models/payments/payments.yml"
    pipeline.edit(path, old, new)
    outcome = pipeline.dbt("test", "--select", "trustgate_rule_examples_base_payments_")
    pipeline.edit(path, new, old)
    assert complaint in outcome.messages["trustgate_rule_examples_base_payments_"]
