"""Batches of a mainframe, from their trailers to the mart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .conftest import Story
from .samples import BATCHES, LEDGER, files_of, lines_of, postings_of

COUNT, AMOUNT, HASH, UNBALANCED = (
    "postings-20261121-count.dat",
    "postings-20261122-amount.dat",
    "postings-20261123-hash.dat",
    "postings-20261124-unbalanced.dat",
)


def test_samples_are_what_the_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, LEDGER / "make_batches.py", tmp_path], check=True)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.dat")}
    kept = {path.relative_to(BATCHES): path.read_bytes() for path in BATCHES.rglob("*.dat")}
    assert made == kept


def test_samples_have_every_sign_and_digit() -> None:
    last = {line[40] for file in files_of("good") for line in lines_of(file)[1:-1]}
    assert last & set("{ABCDEFGHI") and last & set("}JKLMNOPQR")


def test_good_batches_are_published_as_they_were_sent(story: Story) -> None:
    assert story.good.exit_code == 0
    assert story.good.shut == set()
    assert story.good.mart == postings_of(files_of("good"))
    assert len(story.good.mart) == 80
    assert {status for status, _ in story.good.batches.values()} == {"LOADED"}


def test_trailers_are_held_against_count_amount_and_hash(story: Story) -> None:
    rows = story.ledger.pipeline.query(
        """
        select sender_batch_id, expected_count, expected_amount = amount_total,
            expected_hash = content_hash, business_date::text
        from quality.batches where dataset = 'good' and source_file like '%%2026112_.dat'
            or dataset = 'good' and source_file like '%%20261119.dat'
        order by 1
        """
    )
    assert rows == [
        ("20261119", 40, True, True, "2026-11-19"),
        ("20261120", 40, True, True, "2026-11-20"),
    ]


def test_ebcdic_is_ascii_record_by_record(story: Story) -> None:
    assert story.ebcdic.exit_code == 0
    assert story.ebcdic.mart == story.good.mart
    of_dataset = """
        select substr(_source_file, strpos(_source_file, 'postings-'), 17), _row_number, _checksum,
            batch_number, sequence_number, account, product_code, side, amount, transaction_date
        from raw.postings where _dataset = %s and _batch_id in (
            select batch_id from quality.batches
            where source_file ~ '(19|20)(.ebcdic)?.dat$'
        )
        order by 1, 2
    """
    query = story.ledger.pipeline.query
    assert len(query(of_dataset, ["good"])) == 80
    assert query(of_dataset, ["ebcdic"]) == query(of_dataset, ["good"])


def test_wrong_trailers_hold_their_batches_each_for_its_reason(story: Story) -> None:
    held = {
        file: [one["check"] for one in differences]
        for file, (status, differences) in story.bad.batches.items()
        if status == "HELD"
    }
    assert held == {
        COUNT: ["record_count"],
        AMOUNT: ["amounts.amount"],
        HASH: ["content_hash"],
    }


def test_held_and_unbalanced_batches_shut_the_gate(story: Story) -> None:
    assert story.bad.exit_code == 1
    assert story.bad.shut == {"postings_held_batches", "recon_debits_credits"}
    assert story.bad.mart == story.good.mart


def test_the_unbalanced_batch_is_named_with_what_is_missing(story: Story) -> None:
    (missing,) = postings_of(files_of("fixed"))
    sums = {
        side: sum(posting.amount for posting in kept if posting.side == side)
        for kept in [postings_of([BATCHES / "bad" / UNBALANCED])]
        for side in "DC"
    }
    assert sums["D"] - sums["C"] == missing.amount


def test_decisions_end_the_hold_but_not_the_imbalance(story: Story) -> None:
    statuses = {file: status for file, (status, _) in story.decided.batches.items()}
    assert [statuses[file] for file in (COUNT, AMOUNT, HASH)] == [
        "RELEASED",
        "REJECTED",
        "REJECTED",
    ]
    assert story.decided.exit_code == 1
    assert story.decided.shut == {"recon_debits_credits"}
    assert story.decided.mart == story.good.mart


def test_what_was_missing_opens_the_gate(story: Story) -> None:
    files = [*files_of("good"), *files_of("fixed")]
    files += [BATCHES / "bad" / COUNT, BATCHES / "bad" / UNBALANCED]
    assert story.fixed.exit_code == 0
    assert story.fixed.shut == set()
    assert story.fixed.mart == postings_of(files)
    assert len(story.fixed.mart) == 120


def test_every_record_is_accounted_for_every_day(story: Story) -> None:
    days = (story.good, story.ebcdic, story.bad, story.decided, story.fixed)
    assert [day.difference for day in days] == [0] * 5


def test_totals_of_every_layer_read_amounts_as_they_are_declared(story: Story) -> None:
    found = story.ledger.pipeline.query(
        """
        select layer, sum(record_count), sum(amount_total), sum(amount_received)
        from quality.layer_totals where dataset = 'ebcdic' and layer <> 'candidate_fct_postings'
        group by layer order by layer
        """
    )
    amount = sum(posting.amount for posting in story.ebcdic.mart)
    assert found == [
        ("base_postings", 80, amount, amount),
        ("raw_postings", 80, amount, amount),
    ]
