"""`runner suppress`: suppressions of known failures."""

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
    """Suppress known failures, so that they do not shut the gate.

    Runs still find, store and count them. They count for the gate again when the suppression
    expires or is revoked.
    """


@suppress.command(
    short_help="Add a suppression.",
    epilog=examples(
        "runner suppress add --check recon_chain --ticket SHOP-3 --reason 'late file' "
        "--expires 2026-12-31",
    ),
)
@click.option("--check", required=True, metavar="C", help="Rule, reconciliation or load_rejects.")
@click.option("--entity", metavar="E", help="Only this entity.")
@click.option("--key", metavar="K", help="Only this record.")
@click.option("--ticket", required=True, metavar="T", help="Ticket that tracks the work.")
@click.option("--reason", required=True, metavar="TEXT", help="Why the failure is tolerated.")
@click.option(
    "--expires", required=True, metavar="WHEN", help="End: 2026-12-31, an ISO time, or 14d."
)
@click.option("--dataset", metavar="NAME", help="Dataset in which to count covered exceptions.")
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
    """Add a suppression of a check; it is active at once, without a run."""
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
@click.option("--all", "with_past", is_flag=True, help="Include expired and revoked ones.")
@click.option("--dataset", metavar="NAME", help="Dataset in which to count covered exceptions.")
@json_option
@where_options
def list_(where: Where, with_past: bool, dataset: str | None, as_json: bool) -> ExitCode:
    """List suppressions, the next to expire first.

    The state `expiring` means within 7 days.
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
        print_lines([Line("There are no suppressions.")])
    else:
        rows = [suppression_columns(suppression) for suppression in found]
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    return ExitCode.GATE_OPEN


@suppress.command(
    short_help="Revoke a suppression.",
    epilog=examples("runner suppress revoke 5c1e9a07"),
)
@click.argument("suppression_id", metavar="ID")
@actor_option
@json_option
@where_options
def revoke(where: Where, suppression_id: str, by: str, as_json: bool) -> ExitCode:
    """Revoke a suppression: the failures it covers count again at once."""
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
        print_lines([Line(f"Suppression {revoked} is revoked.", "good")])
    return ExitCode.GATE_OPEN
