"""Compiled templates: taken from the file only where they are what would be compiled again."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt_common.clients.jinja import MacroFuzzEnvironment, get_environment

from runner.dbt.templates import kept_templates

GREETING = "{% macro greet(name) %}hello {{ name }}{% endmacro %}"
GREETING_CHANGED = GREETING.replace("hello", "good morning")


@pytest.fixture
def generated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Environments whose code was generated, one name for each time."""
    found: list[str] = []
    generate = MacroFuzzEnvironment._generate

    def count(self: MacroFuzzEnvironment, *arguments: object, **options: object) -> str:
        found.append(type(self).__name__)
        code: str = generate(self, *arguments, **options)
        return code

    monkeypatch.setattr(MacroFuzzEnvironment, "_generate", count)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A file with the compiled greeting."""
    kept = tmp_path / "target" / "templates.marshal"
    assert greet(kept) == "hello you"
    yield kept
    assert not list(kept.parent.glob(f"{kept.name}?*")), "a temporary file was left"


def greet(path: Path, source: str = GREETING, native: bool = False) -> str:
    with kept_templates(path):
        template = get_environment(native=native).from_string(source)
        module = template.make_module(vars={}, shared=False)
        return str(module.dbt_macro__greet("you")).strip()


def test_a_macro_is_compiled_once_for_all_processes(path: Path, generated: list[str]) -> None:
    assert greet(path) == "hello you"
    assert generated == []


def test_a_changed_macro_is_compiled_again(path: Path, generated: list[str]) -> None:
    assert greet(path, GREETING_CHANGED) == "good morning you"
    assert greet(path) == "hello you"
    assert generated == ["MacroFuzzEnvironment"]


def test_each_kind_of_environment_has_its_own_code(path: Path, generated: list[str]) -> None:
    assert greet(path, native=True) == "hello you"
    assert generated == ["NativeSandboxEnvironment"]


def test_a_file_that_is_damaged_is_written_again(path: Path, generated: list[str]) -> None:
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"another version" + whole, b"\0" * len(whole)):
        generated.clear()
        path.write_bytes(damaged)
        assert greet(path) == "hello you"
        assert generated == ["MacroFuzzEnvironment"]
        assert path.read_bytes() == whole


def test_a_file_that_others_may_write_is_not_read(path: Path, generated: list[str]) -> None:
    path.chmod(0o666)
    assert greet(path) == "hello you"
    assert generated == ["MacroFuzzEnvironment"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_not_read(path: Path, generated: list[str]) -> None:
    os.chown(path, 65534, 65534)
    assert greet(path) == "hello you"
    assert generated == ["MacroFuzzEnvironment"]


def test_a_link_is_not_followed(path: Path, generated: list[str]) -> None:
    elsewhere = path.rename(path.parent / "elsewhere")
    before = elsewhere.read_bytes()
    path.symlink_to(elsewhere)
    assert greet(path) == "hello you"
    assert generated == ["MacroFuzzEnvironment"]
    assert elsewhere.read_bytes() == before
    assert not path.is_symlink()


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("a file, where the folder would be")
    assert greet(tmp_path / "target" / "templates.marshal") == "hello you"


def test_a_syntax_error_stays_one(path: Path) -> None:
    with pytest.raises(Exception, match="endmacro"):
        greet(path, "{% macro greet(name) %}hello")
    assert greet(path) == "hello you"


def test_another_version_of_dbt_compiles_as_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    monkeypatch.delattr("dbt_common.clients.jinja.MacroFuzzEnvironment")
    with kept_templates(path):
        pass
    assert path.read_bytes() == before
