"""Each named check fails the records that its original fails, on the same typed rows.

The original is a test of dbt or of dbt_expectations: the stand-in, and the package itself where
TRUSTGATE_REAL_DBT_EXPECTATIONS names a folder with dbt_expectations and dbt_date. It evaluates all
rows at once. Where it evaluates each row alone but does not say which it found, its own SQL is run
for each row, and the number of rows it found at once must be the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from runner.loading.reading.blank import WHITE_SPACE

from ..conftest import MakePipeline
from ..pipeline import Outcome, Pipeline, install_packages
from .random_samples import LOADED_AT, NOTES, Record, random_records, versioned_records
from .reading import READERS, read_number, read_time
from .samples import COLUMNS, DATASET, LATER, VERSIONED, add_samples
from .uses import INVISIBLE, MAX_AGE_DAYS, NAMES, QUOTED, USES, Use

BY_NAME = {use.name: use for use in USES}


@dataclass(frozen=True)
class Evaluated:
    """The samples after one run.

    Attributes:
        failed: Sample ids that each rule fails.
        originals: What dbt's tests came to.
    """

    pipeline: Pipeline
    records: Mapping[str, Record]
    versions: list[Record]
    failed: Mapping[str, frozenset[str]]
    originals: Outcome


@pytest.fixture(scope="module")
def evaluated(make_pipeline: MakePipeline, seed: int) -> Evaluated:
    random = Random(seed)
    pipeline = make_pipeline(DATASET)
    add_samples(pipeline, USES)
    pipeline.runs("run", "--select", "tag:intake")
    records, versions = random_records(random), versioned_records(random)
    pipeline.load("samples", records, "parity", LOADED_AT)
    pipeline.load("samples", versions, "versions", LOADED_AT, VERSIONED)
    order = ("C-1", "approved", "BRL", "1.00", "2026-01-01", "2026-01-01")
    orders = [(number, (f"P-{number}", *order)) for number in range(1, 500)]
    pipeline.load("orders", orders, "parents", LOADED_AT)
    pipeline.runs("run", "--exclude", "tag:intake")
    found = pipeline.query(
        """
        select rule_id, array_agg(sample_id)
        from staging.base_samples, unnest(_dq_failed) as rule_id
        where _dataset = %s group by rule_id
        """,
        [DATASET],
    )
    failed = {rule: frozenset(ids) for rule, ids in found}
    originals = pipeline.runs("test", "--select", "parity_rows", "base_samples")
    pipeline.load("samples", records[:100], "later", LOADED_AT, LATER)
    pipeline.runs("run", "--select", "raw_samples", "base_samples")
    by_id = {str(record[0]): record for _, record in records}
    return Evaluated(pipeline, by_id, [record for _, record in versions], failed, originals)


@pytest.fixture(scope="module")
def real_originals(evaluated: Evaluated) -> Outcome:
    """The same tests by the real package."""
    given = os.environ.get("TRUSTGATE_REAL_DBT_EXPECTATIONS")
    if not given:
        pytest.skip("TRUSTGATE_REAL_DBT_EXPECTATIONS does not name a folder with the original")
    packages = {name: Path(given) / name for name in ("dbt_expectations", "dbt_date")}
    missing = [name for name, folder in packages.items() if not folder.is_dir()]
    if missing:
        pytest.skip(f"TRUSTGATE_REAL_DBT_EXPECTATIONS has no folder {' and no '.join(missing)}")
    install_packages(evaluated.pipeline.root, packages)
    return evaluated.pipeline.runs(
        "test", "--select", "parity_rows", "--vars", "{'dbt_date:time_zone': UTC}"
    )


def test_each_check_has_several_uses() -> None:
    checks = {use.check for use in USES}
    assert len(checks) == 14
    for check in checks:
        variants = [use for use in USES if use.check == check]
        assert len(variants) > 1, check
        assert any(use.condition for use in variants), check
        assert not all(use.condition for use in variants), check


def test_base_holds_every_record(evaluated: Evaluated) -> None:
    counted = evaluated.pipeline.value(
        "select count(*) from staging.base_samples where _dataset = %s and _is_latest", [DATASET]
    )
    assert counted == len(evaluated.records) >= 10_000


@pytest.mark.parametrize("name", BY_NAME)
def test_check_fails_the_records_its_original_fails(evaluated: Evaluated, name: str) -> None:
    assert_parity(evaluated, evaluated.originals, BY_NAME[name])


@pytest.mark.parametrize("name", BY_NAME)
def test_check_fails_the_records_the_real_package_fails(
    evaluated: Evaluated, real_originals: Outcome, name: str
) -> None:
    assert_parity(evaluated, real_originals, BY_NAME[name])


def assert_parity(evaluated: Evaluated, originals: Outcome, use: Use) -> None:
    pipeline, test = evaluated.pipeline, f"original_{use.name}"
    assert originals.statuses[test] in ("pass", "warn"), originals.messages[test]
    ours = evaluated.failed.get(use.name, frozenset())
    stored = f"{pipeline.namespace}_dbt_test__audit.{test}"
    if use.found_by:
        same = " and ".join(
            f"row_.{column} is not distinct from stored.{alias}"
            for column, alias in zip(use.found_by, aliases(use), strict=True)
        )
        theirs = pipeline.query(
            f"""
            select sample_id from staging.parity_rows as row_
            where ({use.condition or "true"})
                and exists (select 1 from {stored} as stored where {same})
            """
        )
    else:
        by_row = originals.compiled[test].replace(
            f'"{pipeline.database.name}"."{pipeline.namespace}_staging"."parity_rows"',
            "(select row_.*) as one_row",
        )
        assert "one_row" in by_row
        theirs = pipeline.query(
            f"""
            select sample_id
            from staging.parity_rows as row_
            cross join lateral (select count(*) as failures from ({by_row}) as failing) as by_row
            where failures > 0
            """
        )
        ((at_once,),) = pipeline.query(f"select count(*) from {stored}")
        assert at_once == len(theirs)
    assert ours == {sample_id for (sample_id,) in theirs}
    assert 0 < len(ours) < len(evaluated.records), "a check that fails none, or all, shows little"


def aliases(use: Use) -> list[str]:
    """Names of the columns in which the original stores what it found."""
    if use.check == "unique":
        return ["unique_field"]
    if use.check == "relationships":
        return ["from_field"]
    return list(use.found_by) if len(use.found_by) > 1 else ["value_field"]


def texts(evaluated: Evaluated, column: str) -> dict[str, str]:
    """Text received of a column, empty where nothing was."""
    place = COLUMNS.index(column)
    return {key: record[place] or "" for key, record in evaluated.records.items()}


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("amount_parses", "amount"),
        ("quantity_parses", "quantity"),
        ("made_at_parses", "made_at"),
        ("word_parses", "word"),
    ],
)
def test_parses_as_fails_what_python_cannot_read(
    evaluated: Evaluated, rule: str, column: str
) -> None:
    reader = {"amount": read_number(10, 2), "quantity": READERS["integer"], "made_at": read_time}
    expected = {
        key
        for key, text in texts(evaluated, column).items()
        if text.strip() and column in reader and reader[column](text) is None
    }
    assert evaluated.failed.get(rule, frozenset()) == expected
    assert bool(expected) is (rule != "word_parses")


@pytest.mark.parametrize(
    ("rule", "is_failing"),
    [
        ("word_quoted", lambda word: word not in QUOTED),
        ("word_set_quoted", lambda word: word in QUOTED),
        ("word_like_quote", lambda word: "'" not in word),
        ("word_quote_found", lambda word: "'" in word or '"' in word),
    ],
)
def test_quotes_and_backslashes_in_arguments_mean_themselves(
    evaluated: Evaluated, rule: str, is_failing: Callable[[str], bool]
) -> None:
    words = {key: text.strip(WHITE_SPACE) for key, text in texts(evaluated, "word").items()}
    expected = {key for key, word in words.items() if word and is_failing(word)}
    assert evaluated.failed[rule] == expected


def times(evaluated: Evaluated) -> dict[str, datetime]:
    """When each sample was made, where that can be read."""
    found = {key: read_time(text) for key, text in texts(evaluated, "made_at").items()}
    return {key: moment for key, moment in found.items() if moment is not None}


def test_not_in_future_fails_what_is_later_than_its_load(evaluated: Evaluated) -> None:
    expected = {key for key, moment in times(evaluated).items() if moment > LOADED_AT}
    assert evaluated.failed["made_before_load"] == expected


def test_max_age_fails_what_is_older_than_it_says_at_its_load(evaluated: Evaluated) -> None:
    oldest = LOADED_AT - timedelta(days=MAX_AGE_DAYS)
    expected = {key for key, moment in times(evaluated).items() if moment < oldest}
    assert evaluated.failed["made_lately"] == expected


def test_no_pii_fails_personal_data_and_nothing_else(evaluated: Evaluated) -> None:
    notes = texts(evaluated, "note")
    failed = {notes[key] for key in evaluated.failed["note_without_people"]}
    assert failed == {note for note, is_personal in NOTES.items() if is_personal}
    expected = {key for key, note in notes.items() if NOTES[note]}
    assert evaluated.failed["note_without_people"] == expected


def test_no_invisible_characters_fails_what_looks_like_another_text(evaluated: Evaluated) -> None:
    words = {key: text.strip(WHITE_SPACE) for key, text in texts(evaluated, "word").items()}
    expected = {key for key, word in words.items() if any(one in word for one in INVISIBLE)}
    assert evaluated.failed["word_visible"] == expected
    assert expected


@pytest.mark.parametrize("name", NAMES)
def test_column_may_have_any_name_that_base_would_use_within(
    evaluated: Evaluated, name: str
) -> None:
    expected = {key for key, text in texts(evaluated, name).items() if text == "no"}
    assert evaluated.failed[f"{name}_known"] == expected != set()
    in_increment = evaluated.pipeline.query(
        f"""
        select sample_id from staging.base_samples
        where _dataset = %s and '{name}_known' = any(_dq_failed)
        """,
        [LATER],
    )
    first = {str(record[0]) for record in [*evaluated.records.values()][:100]}
    assert {key for (key,) in in_increment} == expected & first != set()


def test_examples_of_columns_of_any_name_are_evaluated(evaluated: Evaluated) -> None:
    assert evaluated.originals.statuses["trustgate_rule_examples_base_samples_"] == "pass"


def test_no_conflicting_versions_fails_each_of_two_contents_with_one_version(
    evaluated: Evaluated,
) -> None:
    # Two spellings of one time of change are one version, and no other content.
    contents: dict[tuple[str | None, datetime], set[Record]] = {}
    for record in evaluated.versions:
        version = read_time(record[-1] or "")
        if version is not None:
            contents.setdefault((record[0], version), set()).add(record[:-1])
    expected = {
        number
        for number, record in enumerate(evaluated.versions, start=1)
        for version in [read_time(record[-1] or "")]
        if version is not None and len(contents[record[0], version]) > 1
    }
    found = evaluated.pipeline.query(
        """
        select _row_number from staging.base_samples
        where _dataset = %s and 'versions_agree' = any(_dq_failed)
        """,
        [VERSIONED],
    )
    assert {number for (number,) in found} == expected != set()
