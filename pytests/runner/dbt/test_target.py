"""The connection comes from dbt's own profiles.yml, or is the embedded PostgreSQL."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from runner.dbt.target import load_profile, read_profile
from runner.errors import ConfigurationError
from runner.postgres.plain_profiles import read_plain_profile
from runner.postgres.profiles import find_profiles_directory
from runner.project import Project, choose_dataset, find_project

REPOSITORY = Path(__file__).parents[3]
PROFILES = """\
trustgate:
  target: "{{ env_var('CHOSEN', 'server') }}"
  outputs:
    server:
      type: postgres
      host: "{{ env_var('TEST_HOST') }}"
      port: "{{ env_var('TEST_PORT', '5433') | as_number }}"
      user: ada
      pass: "{{ env_var('DBT_ENV_SECRET_TEST', 'p w') }}"
      dbname: shop
      schema: public
      sslmode: require
      threads: 3
    lake:
      type: duckdb
      path: x
"""


def write_profile(directory: Path, content: str = PROFILES) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "profiles.yml").write_text(content)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    return home


def test_a_profile_is_read_as_dbt_reads_it(
    home: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_profile(project.root)
    monkeypatch.setenv("TEST_HOST", "db.example")
    profile = load_profile(project)
    assert (profile.host, profile.port, profile.user) == ("db.example", 5433, "ada")
    assert (profile.password, profile.database, profile.threads) == ("p w", "shop", 3)
    assert profile.ssl == {"sslmode": "require"}
    assert not profile.is_embedded
    assert profile.url() == "postgresql://ada@db.example:5433/shop?sslmode=require"


WRITTEN: tuple[object, ...] = (
    *("{{ env_var('TEST_TEXT') }}", '{{env_var("TEST_TEXT","x")|as_text}}', "plain", "", "5", 5),
    *("{{ env_var('TEST_NUMBER') | as_number }}", "{{ env_var('TEST_NUMBER', '7') }}", None, -1),
    *("{{ env_var('TEST_ABSENT') }}", "{{ env_var('TEST_ABSENT', '6') | as_number }}", True, 1.5),
    *("{{ env_var('TEST_ABSENT', '06') | as_number }}", "{{ env_var('TEST_ABSENT', '') }}", [1]),
    *("{{ env_var('DBT_ENV_SECRET_TEST') }}", "{{ env_var('DBT_ENV_SECRET_TEST') ~ 'x' }}", 70000),
    *("{{ env_var('DBT_ENV_SECRET_TEST') | as_number }}", "a DBT_ENV_SECRET b", "{{ 1 + 1 }}"),
    *("{{ env_var('TEST_ABSENT', 'DBT_ENV_SECRET') }}", "a{{ env_var('TEST_TEXT') }}", "}}"),
    *("{{ env_var('TEST_TEXT') | as_native }}", "{# nothing #}", "{% if %}", "line\n"),
    *("{{ env_var('TEST_TEXT') }}\n", "{{ env_var('TEST_ABSENT', 'a\\\\b') }}"),
    *("{{ env_var('TEST_ABSENT', '-1') | as_number }}", "{{ env_var('TEST_ABSENT', '{{') }}"),
)
USUAL: dict[str, object] = {
    "type": "postgres",
    "host": "db.example",
    "port": 5432,
    "user": "ada",
    "password": "right",
    "dbname": "shop",
    "schema": "public",
}
SETTINGS = (
    *(*USUAL, "database", "pass", "role", "search_path", "sslmode", "sslcert", "connect_timeout"),
    *("threads", "retries", "keepalives_idle", "application_name", "autocommit", "unknown"),
)
UNUSUAL: tuple[object, ...] = (
    *({"one": {**USUAL, name: value}} for name in SETTINGS for value in WRITTEN),
    *({"one": {key: USUAL[key] for key in USUAL if key != name}} for name in USUAL),
    *({"one": None}, {"one": []}, {"two": USUAL}, {}),
)


@pytest.fixture
def _variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TEXT", "text")
    monkeypatch.setenv("TEST_NUMBER", "8")
    monkeypatch.setenv("DBT_ENV_SECRET_TEST", "123")


def _read_by_both(home: Path, profile: object, target: str | None) -> tuple[object, object]:
    (home / "profiles.yml").write_text(yaml.safe_dump({"shop": profile}))
    plain = read_plain_profile(home, "shop", target)
    try:
        return plain, read_profile(home, "shop", target)
    except ConfigurationError:
        return plain, None


@pytest.mark.usefixtures("_variables")
def test_without_dbt_a_target_is_read_as_dbt_reads_it_or_not_at_all(home: Path) -> None:
    wrong = []
    for outputs in UNUSUAL:
        plain, expected = _read_by_both(home, {"target": "one", "outputs": outputs}, None)
        if plain not in (None, expected):
            wrong.append((outputs, plain, expected))
    assert not wrong


@pytest.mark.usefixtures("_variables")
@pytest.mark.parametrize("default", ["one", "{{ env_var('TEST_TARGET', 'one') }}", "two", None, 5])
@pytest.mark.parametrize("target", [None, "one", "default", "absent"])
def test_without_dbt_the_target_is_chosen_as_dbt_chooses_it(
    default: object, target: str | None, home: Path
) -> None:
    profile: dict[str, object] = {"outputs": {"one": USUAL, "default": {**USUAL, "threads": 2}}}
    if default is not None:
        profile["target"] = default
    plain, expected = _read_by_both(home, profile, target)
    assert plain == expected


@pytest.mark.parametrize("target", ["server", "embedded"])
def test_the_example_is_read_without_dbt(target: str, home: Path) -> None:
    shutil.copy(REPOSITORY / "profiles.yml.example", home / "profiles.yml")
    plain = read_plain_profile(home, "trustgate", target)
    assert plain is not None
    assert plain == read_profile(home, "trustgate", target)


@pytest.mark.parametrize(
    ("content", "target", "words"),
    [
        (PROFILES, "absent", "does not have a target named 'absent'"),
        (PROFILES, None, "TEST_HOST"),
        ("trustgate: {outputs: {default: {type: postgres}}}", None, "is a required property"),
        ("other: {}", None, "Could not find profile named 'trustgate'"),
        ("", None, "is empty"),
        ("a: [", None, "profiles.yml"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(
    content: str,
    target: str | None,
    words: str,
    home: Path,
    project: Project,
    capfd: pytest.CaptureFixture[str],
) -> None:
    write_profile(project.root, content)
    with pytest.raises(ConfigurationError) as caught:
        load_profile(project, target=target)
    assert capfd.readouterr() == ("", "")
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_profiles_are_looked_for_where_dbt_looks(
    home: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_profiles_directory(project, None) is None
    write_profile(home / ".dbt", "other: {}")
    assert find_profiles_directory(project, None) is None
    write_profile(home / ".dbt")
    assert find_profiles_directory(project, None) == home / ".dbt"
    write_profile(home)
    assert find_profiles_directory(project, None) == home
    write_profile(project.root)
    assert find_profiles_directory(project, None) == project.root
    write_profile(home / "named")
    monkeypatch.setenv("DBT_PROFILES_DIR", str(home / "named"))
    assert find_profiles_directory(project, None) == home / "named"
    write_profile(home / "given")
    assert find_profiles_directory(project, home / "given") == home / "given"
    with pytest.raises(ConfigurationError, match=r"no profiles\.yml in"):
        find_profiles_directory(project, home / "absent")


def test_a_project_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nprofile: mine\n")
    below = tmp_path / "models" / "marts"
    below.mkdir(parents=True)
    project = find_project(below)
    assert (project.root, project.name, project.profile_name) == (tmp_path, "shop", "mine")
    with pytest.raises(ConfigurationError, match="There is no directory"):
        find_project(tmp_path / "absent")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("vars: [a]", r"`vars` is \['a'\], but must be a mapping"),
        ("vars: {trustgate: foo}", "`trustgate` is 'foo', but must be a mapping"),
        ("vars: {trustgate: {bundled_datasets: 5}}", "`bundled_datasets` is 5, but must be a ma"),
        ("vars: {trustgate: {bundled_datasets: {good: a}}}", "`good` is 'a', but must be a list"),
        ("vars: {trustgate: {entities: {a: b}}}", "`entities` is {'a': 'b'}, but must be a list"),
        ("model-paths: models", "`model-paths` is 'models', but must be a list"),
    ],
)
def test_a_setting_that_is_something_else_than_it_has_to_be_is_named(
    content: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "dbt_project.yml").write_text(f"name: shop\n{content}\n")
    with pytest.raises(ConfigurationError, match=words):
        find_project(tmp_path)


@pytest.mark.parametrize("content", ["name: [", "- a", "profile: x"])
def test_a_project_file_that_cannot_be_read_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(content)
    with pytest.raises(ConfigurationError, match=r"dbt_project\.yml"):
        find_project(tmp_path)


def test_the_dataset_is_the_option_else_the_directory_else_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose_dataset(None, None) == "good"
    monkeypatch.setenv("DATA_DIR", f"{tmp_path}/olist/")
    assert choose_dataset(None, None) == "olist"
    monkeypatch.setenv("TRUSTGATE_DATASET", "shop")
    assert choose_dataset(None, None) == "shop"
    assert choose_dataset(None, tmp_path / "bad") == "bad"
    assert choose_dataset("feed", tmp_path / "bad") == "feed"
    with pytest.raises(ConfigurationError, match="is not a valid dataset name"):
        choose_dataset("a b", None)
    assert os.environ["TRUSTGATE_DATASET"] == "shop"
