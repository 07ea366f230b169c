"""What people read: whole at 80 columns, plain where it is no terminal."""

import io
import json
import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runner.dbt.invocation import NodeEvent
from runner.exit_codes import ExitCode
from runner.gate.decision import Gate
from runner.gate.verdict import Check, FailedNode, FailingRecord, Reconciliation, Verdict
from runner.report.junit import write_junit
from runner.report.lines import number
from runner.report.streams import print_json
from runner.report.terminal import Progress, print_lines, print_table
from runner.report.verdict_lines import SHOWN_CHECKS, explain_verdict

LONG_KEY = "e481f51cbdc54678b7cc49136f2d6af7|" * 5
VERDICT = Verdict(
    run_id="3f2a91c0-6d0e-4a53-a4a5-e017c87874c1",
    dataset="bad",
    gate=Gate.SHUT,
    exit_code=ExitCode.GATE_SHUT,
    reason="1 check shuts it.",
    checks=(
        Check(
            check_id="order_total_not_negative_or_something_with_a_long_name",
            kind="rule",
            entity="orders",
            severity="error",
            open_count=123456,
            suppressed_count=3,
            allowed="0",
            is_open=False,
            detail="why " * 40,
            sample=(LONG_KEY, "b"),
        ),
        Check("recon_x", "reconciliation", None, None, 0, 0, "0", True, ""),
    ),
    reconciliations=(
        Reconciliation(
            *("recon_daily_revenue", "metric", {"currency": "[red]BRL"}, None, "paid_total"),
            *(Decimal("1234567.10"), None, Decimal("-0.02"), "0.5%", 3),
        ),
    ),
    reconciliation_count=7,
    records=(
        FailingRecord("orders", LONG_KEY, "r", "ERROR", "[bold]text[/bold] :smile:", "a" * 200, ""),
    ),
    record_count=12,
    seconds=1.234,
)


def printed(verdict: Verdict) -> str:
    stream = io.StringIO()
    print_lines(explain_verdict(verdict, "quality"), stream)
    return stream.getvalue()


def test_nothing_is_cut_and_only_commands_are_longer_than_80_columns() -> None:
    text = printed(VERDICT)
    joined = re.sub(r"\s+", "", text)
    for words in (LONG_KEY, "a" * 200, "why" * 40, "[bold]text[/bold]:smile:", "[red]BRL"):
        assert re.sub(r"\s+", "", words) in joined
    assert "actual" in text
    assert "123,456 failing, 0 allowed, 3 more suppressed" in " ".join(text.split())
    assert "expected 1,234,567.10, actual nothing, difference -0.02, tolerance 0.5%" in text
    assert "(1 of 7)" in text
    long = [line for line in text.splitlines() if len(line) > 80]
    assert all(line.startswith("  runner db psql") for line in long)
    assert "\x1b" not in text


HARMFUL = {
    "\x02": "<U+0002>",
    "\x1b[31mred": "<U+001B>[31mred",
    "\x0b": "<U+000B>",
    "\x9b2J": "<U+009B>2J",
    "\u202egnp": "<U+202E>gnp",
    "\u2066": "<U+2066>",
    "\ufffe": "<U+FFFE>",
    "I-2\u200b": "I-2<U+200B>",
    "\ufeffid": "<U+FEFF>id",
    "I\u00a02": "I<U+00A0>2",
    "I\u20092": "I<U+2009>2",
    "I\u3000": "I<U+3000>",
    "\u3164": "<U+3164>",
    "\x7f": "<U+007F>",
    "a\rb": "a<U+000D>b",
    "soft\xadhyphen": "soft<U+00AD>hyphen",
    "\U000e0041": "<U+E0041>",
    "\ud800": "<U+D800>",
}


def with_values(value: str) -> Verdict:
    """The verdict, with a value wherever data of users may stand."""
    check = replace(VERDICT.checks[0], detail=f"why {value}", sample=(f"key {value}",))
    record = replace(VERDICT.records[0], record_key=value, message=f"method is '{value}'")
    test = FailedNode(name="test", status="fail", failures=1, message=value, path="tests/a.sql")
    return replace(VERDICT, checks=(check,), records=(record,), failed_tests=(test,))


@pytest.mark.parametrize("value", HARMFUL)
def test_control_and_invisible_characters_are_written_out(value: str, tmp_path: Path) -> None:
    text = printed(with_values(value))
    assert value not in text
    assert HARMFUL[value] in text
    write_junit(with_values(value), tmp_path / "gate.xml")
    suite = ElementTree.parse(tmp_path / "gate.xml").getroot()
    found = "".join(suite.itertext()) + str([part.attrib for part in suite.iter("failure")])
    assert found.count(HARMFUL[value]) == 3


def test_a_table_writes_them_out_too(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["key", "note"], [["I-2\u200b", "\x1b[2J"]])
    assert "I-2<U+200B>  <U+001B>[2J" in capsys.readouterr().out


def test_a_value_of_megabytes_is_shortened_and_counted(tmp_path: Path) -> None:
    value = "first " + "line\n" * 1_000_000 + "last"
    text = printed(with_values(value))
    assert len(text) < 10_000
    assert "method is 'first" in " ".join(text.split())
    assert "last'" in text
    assert "characters …" in text
    write_junit(with_values("x" * 5_000_000), tmp_path / "gate.xml")
    assert (tmp_path / "gate.xml").stat().st_size < 10_000


@pytest.mark.parametrize(("count", "words"), [(1, "1 more check."), (2, "2 more checks.")])
def test_checks_that_are_not_shown_are_counted(count: int, words: str) -> None:
    text = printed(replace(VERDICT, checks=VERDICT.checks[:1] * (SHOWN_CHECKS + count)))
    assert f"  … and {words}\n" in text


def test_an_open_gate_is_short_and_says_what_is_suppressed() -> None:
    check = replace(VERDICT.checks[0], kind="rule", is_open=True, suppressed_count=2, sample=())
    records = replace(check, kind="entity")  # on which the failures of its rules stand
    text = printed(
        replace(
            VERDICT,
            gate=Gate.OPEN,
            exit_code=ExitCode.GATE_OPEN,
            checks=(check, check, records),
            reconciliations=(),
            records=(),
        )
    )
    assert "Gate OPEN for dataset bad." in text
    assert "All 3 checks passed, 4 known failures suppressed." in text


@pytest.mark.parametrize(("no_color", "has_color"), [("", True), ("1", False)])
def test_colour_only_on_a_terminal_without_no_color(
    no_color: str, has_color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()
    print_lines(explain_verdict(VERDICT, "quality"), stream)
    text = stream.getvalue()
    assert ("\x1b[1;31m" in text) is has_color
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert max(len(line) for line in bare.splitlines() if "runner" not in line) <= 60


def test_a_table_too_wide_becomes_blocks_with_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a", "b"], [["1", "2"]])
    assert capsys.readouterr().out == "a  b\n1  2\n"
    print_table(["name", "text"], [["x", "word " * 40], ["y", "-"]])
    out = capsys.readouterr().out
    assert out.count("word") == 40
    assert max(map(len, out.splitlines())) <= 80


def test_json_keeps_each_digit_and_every_letter(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"amount": Decimal("1.10"), "verdict": VERDICT, "path": Path("/é")})
    out = capsys.readouterr().out
    found = json.loads(out)
    assert found["amount"] == "1.10"
    assert found["path"] == "/é"
    assert found["verdict"]["gate"] == "shut"
    assert found["verdict"]["exit_code"] == 1
    assert found["verdict"]["records"][0]["message"] == "[bold]text[/bold] :smile:"
    assert "/é" in out


def test_progress_is_a_line_a_stage_where_it_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress() as progress:
        progress.notify("Loading [b]orders.csv[/b] …")
        for stage, status in (("raw", "success"), ("tests", "fail"), ("marts", "skipped")):
            progress.on_event(NodeEvent("started", stage, "a_node", "", 0, 3))
            time.sleep(0.01)
            progress.on_event(NodeEvent("finished", stage, "a_node", status, 0.1, 3))
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines[0] == "Loading [b]orders.csv[/b] …"
    assert re.fullmatch(r"raw +1 done  0\.\d s", lines[1])
    assert re.fullmatch(r"tests +0 done, 1 failed  0\.\d s", lines[2])
    assert re.fullmatch(r"marts +0 done, 1 skipped  0\.\d s", lines[3])


def test_numbers_keep_their_digits() -> None:
    assert number(Decimal("1E+3")) == "1,000"
    assert number(Decimal("-1234.50")) == "-1,234.50"
    assert number(Decimal("NaN")) == "NaN"
    assert number(None) == "nothing"
