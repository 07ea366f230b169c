"""The group `runner exceptions`, which its commands are added to."""

import click

from runner.commands.options import examples


@click.group(
    short_help="Work exceptions to their end.",
    epilog=examples(
        "runner exceptions summary",
        "runner exceptions list --check payment_amount_parses --older-than 2d",
        "runner exceptions ack --check payment_amount_parses --yes",
        "runner exceptions resolve 3f2a91c0 --action corrected --note SHOP-12",
    ),
)
def exceptions() -> None:
    """See what fails, and work it to its end.

    NEW becomes ACKNOWLEDGED, then IN_PROGRESS, then RESOLVED or IGNORED, and may be re-opened.
    Exceptions are named by id (its start is enough), or chosen by options; a choice is shown as a
    number and confirmed.
    """
