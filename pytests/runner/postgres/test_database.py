"""Connections: what does not work is said in one sentence, with what to do."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from runner.errors import ConfigurationError, OperationalError
from runner.postgres.database import Database, check_version, connected, explain, version_text
from runner.postgres.profiles import Profile
from runner.project import Project

from ..workplace import Server


@pytest.fixture
def profile(password_server: Server) -> Profile:
    return Profile(
        directory=Path("/"),
        target="test",
        host=password_server.host,
        port=password_server.port,
        user=password_server.user,
        password=password_server.password,
        database="postgres",
    )


FAR = {
    "date": ["0001-12-31 BC", "4713-01-01 BC", "10000-01-01", "infinity", "-infinity"],
    "timestamptz": ["0001-12-31 22:00:00+00 BC", "10000-01-01 04:59:59+00", "infinity"],
    "timestamp": ["0044-03-15 12:00:00 BC", "294276-12-31 23:59:59", "-infinity"],
    "interval": ["178000000 years"],
}


@pytest.mark.parametrize("type_name", FAR)
def test_a_value_that_python_cannot_hold_is_loaded_as_text(
    type_name: str, profile: Profile, project: Project
) -> None:
    with connected(profile, project) as database:
        for text in FAR[type_name]:
            found = database.row(f"select %s::{type_name} as value, now() as known", [text])
            assert found is not None
            assert found["value"] == text
            assert not isinstance(found["known"], str)


@pytest.mark.parametrize(
    ("change", "words", "remedy"),
    [
        ({"password": "wrong"}, "password authentication failed", "Check user and password"),
        ({"password": ""}, "no password supplied", "Check user and password"),
        ({"user": "nobody"}, "password authentication failed", "Check user and password"),
        ({"database": "absent"}, 'database "absent" does not exist', "Create the database"),
        ({"port": 1}, "127.0.0.1:1", "Check that the server runs"),
        ({"host": "/nowhere"}, "/nowhere", "Check that the server runs"),
    ],
)
def test_a_connection_that_fails_says_why_and_what_to_do(
    change: dict[str, object], words: str, remedy: str, profile: Profile, project: Project
) -> None:
    broken = replace(profile, **change)  # type: ignore[arg-type]
    with pytest.raises(OperationalError) as caught, connected(broken, project):
        pass
    assert words in caught.value.message
    assert remedy in caught.value.remedy
    assert "\n" not in caught.value.message


def test_a_connection_over_tcp_with_a_password_works(profile: Profile, project: Project) -> None:
    changed = replace(profile, role="pg_monitor", search_path="quality")
    with connected(changed, project) as database:
        found = database.row("select current_user, current_setting('search_path') as path")
    assert found == {"current_user": "pg_monitor", "path": "quality"}


@pytest.mark.parametrize(
    ("version", "text"), [(150000, "15.0"), (180006, "18.6"), (90624, "9.6.24"), (140011, "14.11")]
)
def test_servers_before_version_15_are_refused(version: int, text: str, profile: Profile) -> None:
    assert version_text(version) == text
    if version >= 150000:
        check_version(version, profile)
        return
    with pytest.raises(ConfigurationError, match="is too old: 15 or newer is needed") as caught:
        check_version(version, profile)
    assert text in caught.value.message


def test_relations_stand_in_the_namespace(server: Server, database: str, project: Project) -> None:
    other = replace(project, namespace="pr_12")
    with server.connect_for_rows(database) as connection:
        connection.execute("create schema pr_12_quality")
        connection.execute('create table pr_12_quality."Odd name" (id integer)')
        here = Database(connection, other)
        assert here.has("quality.Odd name")
        assert here.rows("select * from {quality.Odd name}") == []
        assert not Database(connection, project).has("quality.Odd name")


@pytest.mark.parametrize("name", ["Pr", "1a", "a-b", "a" * 32, 'a"b'])
def test_a_namespace_that_cannot_stand_before_a_schema_is_refused(
    name: str, project: Project
) -> None:
    with pytest.raises(ConfigurationError, match="TRUSTGATE_NAMESPACE"):
        replace(project, namespace=name)


def test_a_full_disk_is_said_with_what_to_do() -> None:
    error = explain(psycopg.errors.DiskFull("could not extend file: No space left on device"))
    assert "No space left on device" in error.message
    assert "free space" in error.remedy


def test_a_password_is_not_shown(profile: Profile) -> None:
    secret = replace(profile, password="p@ss word")
    assert "p@ss" not in repr(secret)
    assert "p@ss" not in secret.url()
    assert "p%40ss%20word" in secret.url(with_password=True)
    assert "p@ss" not in secret.place


def test_a_server_that_has_no_connection_left_is_asked_again_until_it_has(
    profile: Profile, project: Project, password_server: Server
) -> None:
    with password_server.connect("postgres") as connection:
        connection.execute("create role grace login password 'right' connection limit 1")
    lonely = replace(profile, user="grace", password="right")
    with connected(lonely, project) as first:
        release = threading.Timer(1.0, first.connection.close)
        release.start()
        began = time.monotonic()
        with connected(lonely, project) as second:
            assert second.row("select 1 as one") == {"one": 1}
        assert time.monotonic() - began >= 0.5
        release.join()
    with password_server.connect("postgres") as connection:
        connection.execute("drop role grace")
