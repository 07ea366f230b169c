"""`runner suppress`: known failures, with a ticket and an end."""

from __future__ import annotations

import click

from runner.commands.options import Where, actor_option, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.group(
    epilog=examples(
        "runner suppress add --check order_status_known --key O-1 --ticket SHOP-1 "
        "--reason 'test order' --expires 14d",
        "runner suppress list",
        "runner suppress revoke 5c1e9a07",
    )
)
def suppress() -> None:
    """Let the gate pass known failures for a while.

    They are found, stored and counted all the same, and count again by themselves when the
    suppression expires or is revoked.
    """


@suppress.command(
    short_help="Suppress the failures of a check for a while.",
    epilog=examples(
        "runner suppress add --check recon_chain --ticket SHOP-3 --reason 'late file' "
        "--expires 2026-12-31",
    ),
)
@click.option("--check", required=True, metavar="C", help="Rule, reconciliation or load_rejects.")
@click.option("--entity", metavar="E", help="Only this entity.")
@click.option("--key", metavar="K", help="Only this record.")
@click.option("--ticket", required=True, metavar="T", help="Where the work is followed.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is tolerated.")
@click.option(
    "--expires", required=True, metavar="WHEN", help="2026-12-31 (its end), an ISO time, or 14d."
)
@click.option("--dataset", metavar="NAME", help="Dataset to count what it covers in.")
@actor_option
@json_option
@where_options
def add(
    where: Where,
    check: str,
    entity: str | None,
    key: str | None,
    ticket: str,
    reason: str,
    expires: str,
    dataset: str | None,
    by: str,
    as_json: bool,
) -> ExitCode:
    """Suppress the failures of a check until it expires, at once and without a run."""
    from datetime import datetime, timezone

    from runner.project import choose_dataset
    from runner.report.exception_lines import explain_suppression
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.exceptions.filters import require_exceptions
    from runner.workflow.suppressions import Request, add_suppression, parse_expiry

    request = Request(
        check_id=check,
        entity=entity or None,
        record_key=key or None,
        ticket=ticket,
        reason=reason,
        expires_at=parse_expiry(expires, datetime.now(timezone.utc)),
    )
    with where.database() as database:
        require_exceptions(database)
        made = add_suppression(database, request, by, choose_dataset(dataset, None))
    if as_json:
        print_json(made)
    else:
        print_lines(explain_suppression(made))
    return ExitCode.GATE_OPEN


@suppress.command("list", epilog=examples("runner suppress list", "runner suppress list --all"))
@click.option("--all", "with_past", is_flag=True, help="Expired and revoked ones as well.")
@click.option("--dataset", metavar="NAME", help="Dataset to count what they cover in.")
@json_option
@where_options
def list_(where: Where, with_past: bool, dataset: str | None, as_json: bool) -> ExitCode:
    """List suppressions, the first to expire first.

    `expiring` are those that expire within 7 days.
    """
    from runner.project import choose_dataset
    from runner.report.exception_lines import suppression_columns
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines, print_table
    from runner.workflow.exceptions.filters import require_exceptions
    from runner.workflow.suppressions import list_suppressions

    with where.database() as database:
        require_exceptions(database)
        found = list_suppressions(database, choose_dataset(dataset, None), with_past)
    if as_json:
        print_json(found)
    elif not found:
        print_lines([Line("There is no suppression.")])
    else:
        rows = [suppression_columns(suppression) for suppression in found]
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    return ExitCode.GATE_OPEN


@suppress.command(
    short_help="Take a suppression back, at once.",
    epilog=examples("runner suppress revoke 5c1e9a07"),
)
@click.argument("suppression_id", metavar="ID")
@actor_option
@json_option
@where_options
def revoke(where: Where, suppression_id: str, by: str, as_json: bool) -> ExitCode:
    """Take a suppression back: what it covers counts again, at once."""
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.exceptions.filters import require_exceptions
    from runner.workflow.suppressions import revoke_suppression

    with where.database() as database:
        require_exceptions(database)
        revoked = revoke_suppression(database, suppression_id, by)
    if as_json:
        print_json({"suppression_id": revoked, "state": "revoked"})
    else:
        print_lines([Line(f"Suppression {revoked} no longer holds.", "good")])
    return ExitCode.GATE_OPEN
