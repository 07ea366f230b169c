"""A password appears in no output, log or artifact, whatever is wrong."""

from __future__ import annotations

import pytest

from ..conftest import PIPELINE
from ..workplace import Server, Workplace

MARK = "Pw-mark-4711"
BROKEN = {
    "an unclosed quote": "password: '{mark}\n      dbname: x",
    "a colon": "password: {mark}: x",
    "an alias": "password: *{mark}",
    "a tag": "password: !{mark} x",
    "a tab": "\tpassword: {mark}",
    "a number for a port": "password: {mark}\n      port: {mark}",
    "a list": "password: [{mark}]",
    "a mapping": "password: {{a: {mark}}}",
    "broken Jinja": "password: \"{{{{ env_var('{mark}'\"",
    "an unknown variable": "password: \"{{{{ env_var('NO_SUCH') ~ '{mark}' }}}}\"",
    "both names": "password: {mark}\n      pass: {mark}",
    "a missing host": "password: {mark}",
    "an unknown setting": "password: {mark}\n      passwort: {mark}",
}


@pytest.fixture
def workplace(make_workplace: object, password_server: Server) -> Workplace:
    assert callable(make_workplace)
    made = make_workplace(PIPELINE)
    assert isinstance(made, Workplace)
    with password_server.connect("postgres") as connection:
        connection.execute("drop database if exists secrets with (force)")
        connection.execute("create database secrets")
        connection.execute("drop role if exists marked")
        connection.execute(f"create role marked superuser login password '{MARK}'".encode())
    server = Server(password_server.host, password_server.port, "marked", MARK)
    (made.root / "profiles.yml").write_text(server.profile("secrets"))
    return made


def seen(workplace: Workplace, *commands: tuple[str, ...]) -> str:
    """Everything that the commands print."""
    found = ""
    for command in commands:
        for options in ((), ("--debug",)):
            done = workplace.run(*command, *options)
            found += done.stdout + done.stderr
    return found


def test_no_output_log_or_artifact_holds_the_password(workplace: Workplace) -> None:
    (workplace.root / "incoming").mkdir()
    (workplace.root / "incoming" / "things.csv").write_text("thing_id,amount,note\nT1,1,x\n")
    found = seen(
        workplace,
        *(("run",), ("run", "--data-dir", "incoming"), ("doctor",), ("history",)),
        *(("db", "url"), ("run", "--dataset", "absent"), ("show", "absent")),
    )
    assert "Gate OPEN" in found
    good = (workplace.root / "profiles.yml").read_text()
    (workplace.root / "profiles.yml").write_text(good.replace("secrets", "absent"))
    found += seen(workplace, ("run",), ("doctor",))
    (workplace.root / "profiles.yml").write_text(good.replace("marked", "nobody"))
    found += seen(workplace, ("run",), ("doctor",))
    assert MARK not in found
    for file in workplace.root.rglob("*"):
        if file.is_file() and file.name != "profiles.yml":
            assert MARK.encode() not in file.read_bytes(), file
    log = workplace.root / "logs" / "dbt.log"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_broken_profile_never_shows_its_password(workplace: Workplace) -> None:
    path = workplace.root / "profiles.yml"
    for what, lines in BROKEN.items():
        path.write_text(
            "trustgate:\n  target: test\n  outputs:\n    test:\n      type: postgres\n"
            f"      {lines.format(mark=MARK)}\n"
        )
        for options in ((), ("--debug",)):
            found = workplace.run("history", *options)
            text = found.stdout + found.stderr
            assert found.returncode == 2, (what, text)
            assert "profiles.yml" in text, what
            assert MARK not in text, (what, text)


def test_a_link_in_place_of_the_log_of_dbt_is_refused(workplace: Workplace) -> None:
    target = workplace.root / "precious"
    target.write_text("precious")
    (workplace.root / "logs").mkdir()
    (workplace.root / "logs" / "dbt.log").symlink_to(target)
    found = workplace.run("run")
    assert found.returncode == 3
    assert "dbt.log is a symbolic link" in found.stderr
    assert target.read_text() == "precious"
