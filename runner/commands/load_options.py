"""Options of the commands that load files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from runner.loading.model import LoadRequest

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class LoadOptions:
    """How files are loaded."""

    workers: int
    max_rejects: Decimal
    force: bool

    def request(self, directory: Path, only: tuple[str, ...] = ()) -> LoadRequest:
        """A load of a directory with these options."""
        from runner.loading.model import LoadRequest

        return LoadRequest(directory, only, self.workers, self.max_rejects, self.force)


def load_options(command: Command) -> Command:
    """`--workers`, `--max-rejects` and `--force`, passed as `loading`."""

    def gather(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        given = context.meta.setdefault(__name__, {})
        given[parameter.name] = _share(value) if parameter.name == "max_rejects" else value
        if len(given) == 3:
            context.params["loading"] = LoadOptions(**given)
        return value

    for option in (
        click.option(
            "--force",
            is_flag=True,
            callback=gather,
            expose_value=False,
            help="Load files again whose content was loaded before.",
        ),
        click.option(
            "--max-rejects",
            default="5%",
            show_default=True,
            metavar="SHARE",
            callback=gather,
            expose_value=False,
            help="Largest share of unreadable records per file.",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 64),
            default=1,
            show_default=True,
            metavar="N",
            callback=gather,
            expose_value=False,
            help="Number of parallel processes.",
        ),
    ):
        command = option(command)
    return command


def _share(text: str) -> Decimal:
    """`0.05` or `5%` as a share.

    Raises: BadParameter for any other form.
    """
    try:
        share = Decimal(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except InvalidOperation:
        share = Decimal("NaN")
    if not (share.is_finite() and 0 <= share <= 1):
        raise click.BadParameter(
            f"{text!r} is not a share: give 0 to 1, or 0% to 100%.", param_hint="'--max-rejects'"
        )
    return share
