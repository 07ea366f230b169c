"""Guards of the runner's structure: which package may import which, read from the source."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

RUNNER = Path(__file__).parents[2] / "runner"
FOUNDATION = ("errors", "exit_codes", "interrupts", "own_files", "project")
"""Modules that every package may import; of the runner they import only each other."""
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "postgres": (),
    "dbt": ("postgres",),
    "loading": ("postgres", "dbt"),
    "scaffolding": ("postgres", "dbt", "loading"),
    "workflow": ("postgres", "dbt"),
    "gate": ("postgres", "dbt", "loading", "workflow"),
    "report": ("postgres", "dbt", "loading", "scaffolding", "workflow", "gate"),
    "commands": ("postgres", "dbt", "loading", "scaffolding", "workflow", "gate", "report"),
}
"""Packages, each with those it may import; only packages before it, so that there is no circle."""
ONLY_IN = {"click": ("commands",), "rich": ("report/terminal.py",), "dbt": ("dbt",)}
"""Libraries that only some packages or files may import."""


def imported(path: Path) -> Iterator[str]:
    """Full names of what a file imports, in functions and for type checking as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they lead"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources(root: Path) -> list[tuple[str, Path]]:
    """Each source file, with its path relative to the root."""
    return [(path.relative_to(root).as_posix(), path) for path in sorted(root.rglob("*.py"))]


def violations(root: Path) -> list[str]:
    """Imports that the rules above do not allow, a sentence for each."""
    found = []
    for name, path in sources(root):
        package = name.partition("/")[0] if "/" in name else ""
        for whole in imported(path):
            library, _, rest = whole.partition(".")
            target = rest.partition(".")[0]
            if library == "runner":
                allowed = (package, *FOUNDATION, *MAY_IMPORT.get(package, ()))
                is_version = whole == "runner.__version__"
                is_entry = name == "__main__.py" and target == "commands"
                if target not in allowed and not is_version and not is_entry:
                    found.append(f"{name} imports {whole}")
            elif not name.startswith(ONLY_IN.get(library.removesuffix("_common"), ("",))):
                found.append(f"{name} imports {library}")
    return found


def test_packages_import_only_what_is_below_them() -> None:
    assert violations(RUNNER) == []


def test_no_package_is_before_one_it_imports() -> None:
    before: set[str] = set()
    for package, others in MAY_IMPORT.items():
        assert set(others) <= before
        before.add(package)
    folders = {path.name for path in RUNNER.iterdir() if (path / "__init__.py").is_file()}
    assert before == folders


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("workflow/exceptions/change.py", "import click", "click"),
        ("gate/run.py", "def late():\n    from rich.text import Text", "rich"),
        ("report/lines.py", "import rich.console", "rich"),
        ("gate/run.py", "from dbt.cli.main import dbtRunner", "dbt"),
        ("workflow/doctor.py", "import dbt_common.events", "dbt_common"),
        ("postgres/profiles.py", "from runner.dbt import target", "runner.dbt.target"),
        ("workflow/lineage.py", "from runner.gate.run import run", "runner.gate.run.run"),
        ("report/lines.py", "from runner.commands.cli import cli", "runner.commands.cli.cli"),
        ("project.py", "from runner.postgres import psql", "runner.postgres.psql"),
    ],
)
def test_an_import_against_the_rules_is_reported(
    name: str, line: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"import json\n\nfrom runner.errors import RunnerError\n{line}\n")
    assert violations(tmp_path) == [f"{name} imports {expected}"]


def circles(root: Path) -> list[str]:
    """Modules that import each other in a circle, or depend on such, sorted."""
    edges: dict[str, set[str]] = {}
    modules = {name.removesuffix(".py").removesuffix("/__init__") for name, _ in sources(root)}
    for name, path in sources(root):
        module = name.removesuffix(".py").removesuffix("/__init__")
        wholes = [whole.removeprefix("runner.").replace(".", "/") for whole in imported(path)]
        targets = {whole if whole in modules else whole.rpartition("/")[0] for whole in wholes}
        edges[module] = (targets & modules) - {module}
    while free := {module for module, targets in edges.items() if not targets & set(edges)}:
        edges = {module: targets for module, targets in edges.items() if module not in free}
    return sorted(edges)


def test_no_modules_import_each_other_in_a_circle(tmp_path: Path) -> None:
    assert circles(RUNNER) == []
    (tmp_path / "gate").mkdir()
    (tmp_path / "errors.py").write_text("")
    (tmp_path / "gate" / "run.py").write_text("from runner.gate.verdict import evaluate\n")
    (tmp_path / "gate" / "verdict.py").write_text("def late():\n    from runner.gate import run\n")
    assert circles(tmp_path) == ["gate/run", "gate/verdict"]


def test_a_module_name_is_used_once() -> None:
    """A command's module is named after the command, which may be what another module is about."""
    names = [
        path.stem
        for name, path in sources(RUNNER)
        if not name.startswith(("loading/", "commands/")) and path.stem != "__init__"
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []
