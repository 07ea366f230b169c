"""The group `runner exceptions`."""

import click

from runner.commands.options import examples


@click.group(
    short_help="List, triage and resolve exceptions.",
    epilog=examples(
        "runner exceptions summary",
        "runner exceptions list --check payment_amount_parses --older-than 2d",
        "runner exceptions ack --check payment_amount_parses --yes",
        "runner exceptions resolve 3f2a91c0 --action corrected --note SHOP-12",
    ),
)
def exceptions() -> None:
    """List, triage and resolve exceptions.

    An exception is NEW, then ACKNOWLEDGED, IN_PROGRESS, and finally RESOLVED or IGNORED; it can be
    reopened. Commands take ids (the first characters are enough) or filter options; with options
    they show the number of exceptions and ask for confirmation.
    """
