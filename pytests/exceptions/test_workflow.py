"""Exceptions worked to their end from the command line, one by one and many at once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import click
import pytest

from runner.errors import ConflictError
from runner.workflow.exceptions.apply import apply_change
from runner.workflow.exceptions.change import acknowledge, assign
from runner.workflow.exceptions.choice import choose
from runner.workflow.exceptions.filters import Filter, find_ids
from runner.workflow.exceptions.reading import list_exceptions

from .conftest import LOST, Call, Shop

CHECK = "order_status_known"


def ids_of(shop: Shop, where: str) -> list[str]:
    rows = shop.pipeline.query(f"select exception_id from quality.exceptions where {where}")
    return sorted(str(identity) for (identity,) in rows)


def test_an_exception_is_worked_to_its_end_with_every_step_on_record(
    shop: Shop, call: Call
) -> None:
    one = shop.id(CHECK, "O-01")
    assert call("exceptions", "ack", one, "--by", "ada", "--note", "seen").code == 0
    assert call("exceptions", "start", one[:12], "--by", "bob", "--note", "asking").code == 0
    done = call(
        *("exceptions", "resolve", one, "--action", "corrected", "--by", "ada"),
        *("--note", "SHOP-1"),
    )
    assert (done.code, done.out) == (0, "1 exception resolved.\n")
    found = shop.exception(CHECK, "O-01")
    assert (found["status"], found["resolution_action"]) == ("RESOLVED", "CORRECTED")
    assert (found["resolved_by"], found["resolution_notes"]) == ("ada", "SHOP-1")
    assert (found["investigated_by"], found["investigation_notes"]) == ("bob", "asking")
    assert shop.events(one)[1:] == [
        ("ACKNOWLEDGED", "ada", "NEW", "ACKNOWLEDGED", "seen"),
        ("STARTED", "bob", "ACKNOWLEDGED", "IN_PROGRESS", "asking"),
        ("RESOLVED", "ada", "IN_PROGRESS", "RESOLVED", "SHOP-1"),
    ]
    # What a person says of it does not open the gate: the data still says otherwise.
    assert shop.gate(CHECK)["open_count"] == len(LOST)
    assert call("exceptions", "reopen", one, "--note", "not fixed").code == 0
    found = shop.exception(CHECK, "O-01")
    assert (found["status"], found["resolution_action"], found["resolved_at"]) == (
        "NEW",
        None,
        None,
    )
    shown = call("exceptions", "show", one)
    assert "RESOLVED, IN_PROGRESS to RESOLVED (CORRECTED), ada" in shown.out
    assert f"runner exceptions ack {one[:8]}" in shown.out
    report = call("exceptions", "show", one, "--json").json
    assert [event["event"] for event in report["events"]][-1] == "REOPENED"
    assert report["exception"]["version"]


@pytest.mark.parametrize(
    ("worked", "command", "words"),
    [
        ((), ["start"], "it is NEW.\n  From NEW it can become ACKNOWLEDGED (ack)."),
        ((), ["resolve", "--action", "rejected"], "From NEW it can become ACKNOWLEDGED (ack)."),
        ((), ["ignore"], "--through takes the steps in between as well."),
        ((), ["reopen"], "From NEW it can become ACKNOWLEDGED (ack)."),
        (("ack",), ["ack"], "From ACKNOWLEDGED it can become IN_PROGRESS (start)."),
        (("ack",), ["ignore"], "From ACKNOWLEDGED it can become IN_PROGRESS (start)."),
        (
            ("ack", "start"),
            ["reopen"],
            "From IN_PROGRESS it can become RESOLVED (resolve) or IGNORED (ignore).",
        ),
        (("ack", "start", "ignore"), ["start"], "From IGNORED it can become NEW (reopen)."),
        (
            ("ack", "start", "ignore"),
            ["assign", "--to", "a"],
            "Only an open exception can be assigned.",
        ),
    ],
)
def test_a_forbidden_step_is_refused_and_the_allowed_ones_are_named(
    shop: Shop, call: Call, worked: tuple[str, ...], command: list[str], words: str
) -> None:
    one = shop.id(CHECK, "O-02")
    shop.pipeline.query("delete from quality.exception_work where exception_id = %s::uuid", [one])
    for step in worked:
        assert call("exceptions", step, one).code == 0
    before = shop.events(one)
    refused = call("exceptions", command[0], one, *command[1:])
    assert refused.code == 2
    assert words in refused.err
    assert shop.events(one) == before


def test_through_takes_the_steps_between_each_on_record(shop: Shop, call: Call) -> None:
    one = shop.id(CHECK, "O-03")
    assert call("exceptions", "ignore", one, "--through", "--note", "test", "--by", "ada").code == 0
    assert shop.exception(CHECK, "O-03")["status"] == "IGNORED"
    assert shop.events(one)[1:] == [
        ("ACKNOWLEDGED", "ada", "NEW", "ACKNOWLEDGED", None),
        ("STARTED", "ada", "ACKNOWLEDGED", "IN_PROGRESS", None),
        ("IGNORED", "ada", "IN_PROGRESS", "IGNORED", "test"),
    ]
    assert shop.gate(CHECK)["open_count"] == len(LOST)


def test_assigning_leaves_the_status(shop: Shop, call: Call) -> None:
    one = shop.id(CHECK, "O-04")
    assert call("exceptions", "assign", one, "--to", "bob", "--by", "ada").code == 0
    found = shop.exception(CHECK, "O-04")
    assert (found["assigned_to"], found["status"]) == ("bob", "NEW")
    listed = call("exceptions", "list", "--assigned-to", "bob", "--json").json
    assert [row["record_key"] for row in listed["exceptions"]] == ["O-04"]
    assert call("exceptions", "ack", one).code == 0
    assert shop.exception(CHECK, "O-04")["assigned_to"] == "bob"
    assert call("exceptions", "assign", one, "--nobody").code == 0
    assert shop.exception(CHECK, "O-04")["assigned_to"] is None
    shown = call("exceptions", "show", one).out
    assert "ASSIGNED to bob, ada" in shown
    assert "ASSIGNED to nobody" in shown


def test_blocked_unblocked_and_retried(shop: Shop, call: Call) -> None:
    one = shop.id(CHECK, "O-05")
    shop.pipeline.query(
        "insert into quality.retry_attempts"
        " (dataset, entity, record_key, record_id, run_id, attempted_at)"
        " select dataset, entity, record_key, record_id, 'run ' || number, now()"
        " from quality.exception_findings, generate_series(1, 5) as number"
        " where exception_id = %s::uuid",
        [one],
    )
    found = shop.exception(CHECK, "O-05")
    assert (found["retry_count"], found["blocked"]) == (5, True)
    assert found["block_reason"] == "no attempt left of 5"
    assert call("exceptions", "unblock", one).code == 0
    found = shop.exception(CHECK, "O-05")
    assert (found["retry_count"], found["blocked"]) == (0, False)
    assert call("exceptions", "block", one).code == 2
    assert call("exceptions", "block", one, "--note", "source is down").code == 0
    found = shop.exception(CHECK, "O-05")
    assert (found["blocked"], found["block_reason"]) == (True, "source is down")
    again = call("exceptions", "block", one, "--note", "x")
    assert (again.code, "it is blocked already" in again.err) == (2, True)
    assert call("exceptions", "unblock", one).code == 0
    assert "it is not blocked" in call("exceptions", "unblock", one).err
    assert call("exceptions", "block", one, "--note", "again").code == 0
    assert call("exceptions", "retry", one).code == 0
    found = shop.exception(CHECK, "O-05")
    assert (found["blocked"], found["block_reason"], found["retry_count"]) == (False, None, 0)
    assert found["next_retry_at"] is not None
    assert [event for event, *_ in shop.events(one)[1:]] == [
        *("UNBLOCKED", "BLOCKED", "UNBLOCKED", "BLOCKED", "RETRIED")
    ]


def test_many_are_shown_as_a_number_and_confirmed(
    shop: Shop, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("exceptions", "ack", "--check", "payment_order_exists", "--entity", "payments")
    one = shop.id("payment_order_exists", "P-O-01")
    assert call("exceptions", "ack", one).code == 0
    asked = call(*command)
    assert (asked.code, asked.out) == (2, "")
    assert "23 exceptions will be acknowledged.\n  1 exception skipped: it is ACK" in asked.err
    assert "Confirm with --yes." in asked.err

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code in ((False, 2), (True, 0)):
        monkeypatch.setattr(click, "confirm", lambda *_, answer=answer, **__: answer)
        assert call(*command, "--key", "P-O-02").code == code
    said = call(*command, "--yes", "--json", "--by", "cron").json
    assert (said["change"], said["changed"]) == ("ack", 22)
    assert [(left["reason"], left["count"]) for left in said["left_alone"]] == [("status", 2)]
    work = shop.pipeline.query(
        "select count(*) from quality.exception_work where updated_by='cron'"
    )
    assert work == [(22,)]
    nothing = call(*command, "--yes")
    assert nothing.code == 2
    assert "Nothing was changed, because of 24 exceptions" in nothing.err
    none = call(*command, "--key", "nope", "--yes")
    assert (none.code, none.out) == (0, "No exception matches; nothing was changed.\n")


def test_filters_say_the_same_in_list_summary_and_export(
    shop: Shop, call: Call, tmp_path: Path
) -> None:
    for given, where in (
        (("--check", CHECK), f"check_id = '{CHECK}'"),
        (("--check", CHECK, "--check", "recon_order_totals"), "check_id <> 'payment_order_exists'"),
        (("--entity", "payments"), "entity = 'payments'"),
        (("--severity", "error"), "severity = 'ERROR'"),
        (("--batch", "first-orders"), "batch_id = 'first-orders'"),
        (("--key", "O-07", "--key", "S-1"), "record_key in ('O-07', 'S-1')"),
        (("--status", "acknowledged"), "status = 'ACKNOWLEDGED'"),
        (("--older-than", "30m"), "false"),
        (("--all",), "true"),
    ):
        if given == ("--all",) or "--status" in given:
            wanted = ids_of(shop, where)
        else:
            wanted = ids_of(shop, f"{where} and status in ('NEW', 'ACKNOWLEDGED', 'IN_PROGRESS')")
        if "recon_order_totals" in given:
            wanted = [
                identity
                for identity in wanted
                if identity in ids_of(shop, f"check_id in ('{CHECK}', 'recon_order_totals')")
            ]
        listed = call("exceptions", "list", *given, "--limit", "1000", "--json").json
        assert sorted(row["exception_id"] for row in listed["exceptions"]) == wanted, given
        assert listed["total"] == len(wanted)
        lines = call("exceptions", "export", *given, "--format", "jsonl").out.splitlines()
        assert sorted(json.loads(line)["exception_id"] for line in lines) == wanted
        file = tmp_path / "found.csv"
        assert call("exceptions", "export", str(file), *given).code == 0
        with file.open(newline="") as stream:
            assert sorted(row["exception_id"] for row in csv.DictReader(stream)) == wanted
        assert [path.name for path in tmp_path.iterdir()] == ["found.csv"]


def test_an_export_has_what_a_row_has(shop: Shop, call: Call) -> None:
    found = shop.exception(CHECK, "O-08")
    given = ("exceptions", "export", "--check", CHECK, "--key", "O-08")
    (line,) = call(*given, "--format", "jsonl").out.splitlines()
    assert json.loads(line)["details"] == found["details"]
    (row,) = csv.DictReader(io.StringIO(call(*given).out))
    assert json.loads(row["details"]) == found["details"]
    assert (row["record_key"], row["message"]) == ("O-08", found["message"])
    assert row["first_seen_at"].endswith("+00")


def test_pages_follow_each_other_and_none_is_shown_twice(shop: Shop) -> None:
    wanted = Filter(dataset="shop")
    with shop.service() as database:
        seen, after = [], None
        while True:
            page = list_exceptions(database, wanted, 7, after)
            assert len(page.exceptions) <= 7
            seen += [row["exception_id"] for row in page.exceptions]
            after = page.after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == page.total
        assert len(list_exceptions(database, wanted, page.total).exceptions) == page.total


def test_a_list_says_how_to_go_on(shop: Shop, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["exceptions", "list", "--check", CHECK, "--limit", "3"]
    monkeypatch.setattr("sys.argv", ["runner", *given])
    first = call(*given)
    assert "3 of " in first.out
    command = first.out.splitlines()[-1].strip()
    assert command.startswith(f"runner exceptions list --check {CHECK} --limit 3 --after ")
    second = call(*command.split()[1:])
    rows = {line for line in first.out.splitlines() if line.startswith("id: ")}
    assert len(rows) == 3
    assert not rows & {line for line in second.out.splitlines() if line.startswith("id: ")}
    assert "reason: order status known: status is 'lost'" in first.out


def test_a_summary_adds_up(shop: Shop, call: Call) -> None:
    counts = call("exceptions", "summary", "--json").json
    (total,) = [count["exceptions"] for count in counts if count["dimension"] == "all"]
    assert total == len(ids_of(shop, "is_standing"))
    for dimension in ("check", "entity", "status", "severity", "age"):
        parts = [count for count in counts if count["dimension"] == dimension]
        assert sum(count["exceptions"] for count in parts) == total
    by_check = {count["value"]: count for count in counts if count["dimension"] == "check"}
    assert by_check[CHECK]["exceptions"] == by_check[CHECK]["records"] == len(LOST)
    shown = call("exceptions", "summary").out
    assert "By age" in shown
    assert "under 1 day" in shown


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(shop: Shop) -> None:
    with shop.service() as ada, shop.service() as bob:
        (one,) = find_ids(ada, [shop.id(CHECK, "O-09")])
        theirs = Filter(ids=(one,))
        first, second = choose(ada, theirs, assign("ada")), choose(bob, theirs, assign("bob"))
        assert apply_change(ada, first, "ada") == 1
        with pytest.raises(ConflictError, match=r"changed meanwhile, nothing was.*by ada at"):
            apply_change(bob, second, "bob")
        assert shop.exception(CHECK, "O-09")["assigned_to"] == "ada"
        # Of many, none is changed where one was changed by somebody else.
        many = Filter(checks=(CHECK,), keys=("O-09", "O-10"))
        chosen = choose(bob, many, acknowledge())
        apply_change(ada, choose(ada, Filter(ids=(one,)), acknowledge()), "ada")
        with pytest.raises(ConflictError, match="1 of 2 exceptions were changed meanwhile"):
            apply_change(bob, chosen, "bob")
    assert shop.exception(CHECK, "O-10")["status"] == "NEW"


def test_a_change_can_be_made_on_the_condition_of_what_was_shown(shop: Shop, call: Call) -> None:
    one = shop.id(CHECK, "O-11")
    version = call("exceptions", "show", one, "--json").json["exception"]["version"]
    assert call("exceptions", "assign", one, "--to", "a", "--by", "eve").code == 0
    late = call("exceptions", "ack", one, "--if-version", version)
    assert (late.code, "last changed by eve" in late.err) == (2, True)
    version = call("exceptions", "show", one, "--json").json["exception"]["version"]
    assert call("exceptions", "ack", one, "--if-version", version).code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["exceptions", "show", "00000000"], "There is no exception 00000000."),
        (["exceptions", "show", "nonsense"], "'nonsense' is not an exception id."),
        (["exceptions", "ack", "00000000"], "There is no exception 00000000."),
        (["exceptions", "list", "--after", "zz"], "'zz' is not an exception id"),
        (["exceptions", "list", "--check", "order_status_unknown"], "Similar: order_status_known"),
        (["exceptions", "list", "--entity", "order"], "Similar: orders"),
        (["exceptions", "list", "--status", "done"], "'done' is not one of 'new', 'acknowledged'"),
        (["exceptions", "list", "--severity", "bad"], "'bad' is not one of"),
        (["exceptions", "list", "--older-than", "yesterday"], "'yesterday' is not a duration."),
        (["exceptions", "list", "--dataset", "a b"], "'a b' is not a valid dataset name."),
        (["exceptions", "list", "--limit", "0"], "--limit"),
        (["exceptions", "ack"], "Give ids, filter options"),
        (["exceptions", "ack", "3f", "--check", "x"], "not both"),
        (["exceptions", "ack", "--check", "nope", "--yes"], "There is no check 'nope'."),
        (["exceptions", "ack", "--all", "--yes", "--by", "run"], "'run' is not a valid user name."),
        (["exceptions", "ack", "--all", "--yes", "--note", " "], "--note is empty."),
        (["exceptions", "ack", "--all", "--if-version", "x"], "--if-version"),
        (["exceptions", "assign", "--all", "--yes"], "Give either --to NAME"),
        (["exceptions", "assign", "--all", "--to", "a", "--nobody"], "Give either --to NAME"),
        (["exceptions", "resolve", "--all", "--yes"], "Missing option '--action'"),
        (["exceptions", "resolve", "--all", "--action", "auto"], "'auto' is not one of"),
        (["exceptions", "nonsense"], "No such command"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    call: Call, arguments: list[str], words: str
) -> None:
    said = call(*arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert "Traceback" not in said.err


def test_a_file_that_cannot_be_written_is_exit_code_3(call: Call) -> None:
    said = call("exceptions", "export", "no/such/folder/found.csv")
    assert said.code == 3
    assert "found.csv cannot be written" in said.err


def test_without_a_run_it_says_what_to_do(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_NAMESPACE", "nothing_here")
    for command in (("exceptions", "list"), ("suppress", "list")):
        said = call(*command)
        assert (said.code, "Start one with: runner run" in said.err) == (2, True)


def test_without_a_database_it_is_exit_code_3(shop: Shop, call: Call, tmp_path: Path) -> None:
    profile = shop.pipeline.database.profile()
    profile["trustgate"]["outputs"]["test"]["host"] = str(tmp_path)
    (tmp_path / "profiles.yml").write_text(json.dumps(profile))
    said = call("exceptions", "list", "--profiles-dir", str(tmp_path))
    assert said.code == 3
    assert "Cannot connect to" in said.err
