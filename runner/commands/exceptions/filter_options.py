"""Options that filter exceptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import click

from runner.workflow.exceptions.states import SEVERITIES, STATUSES, TYPES

if TYPE_CHECKING:
    from runner.postgres.database import Database
    from runner.workflow.exceptions.filters import Filter

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Wanted:
    """The filter options as given on the command line."""

    dataset: str | None = None
    check: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    assigned_to: str | None = None
    older_than: str | None = None
    overdue: bool = False
    type: tuple[str, ...] = ()
    layer: tuple[str, ...] = ()
    table: tuple[str, ...] = ()
    blocked: bool = False
    every: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether an option other than the dataset is given."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "dataset")

    def filter(self, database: Database, **changes: Any) -> Filter:
        """The filter with these options.

        Args:
            changes: Fields of the filter whose option is not given.
        Raises: ConfigurationError for an unknown check, entity, layer or table, and a malformed
            dataset or duration.
        """
        from runner.project import choose_dataset
        from runner.workflow.exceptions.filters import Filter, parse_duration, validate_filter

        given = {
            "dataset": choose_dataset(self.dataset, None),
            "checks": self.check,
            "entities": self.entity,
            "statuses": self.status,
            "severities": self.severity,
            "batches": self.batch,
            "keys": self.key,
            "assigned_to": self.assigned_to,
            "older_than": parse_duration(self.older_than) if self.older_than else None,
            "only_overdue": self.overdue,
            "types": self.type,
            "layers": self.layer,
            "tables": self.table,
            "only_blocked": self.blocked,
        }
        made = Filter(**{**changes, **{name: value for name, value in given.items() if value}})
        validate_filter(database, made)
        return made


def filter_options(command: Command) -> Command:
    """`--check`, `--entity`, `--status`, …, passed as `wanted`."""

    def gather(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        given = context.meta.setdefault("runner.wanted", {})
        given[parameter.name] = value
        context.params["wanted"] = Wanted(**given)
        return value

    def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
        return click.option(*names, callback=gather, expose_value=False, **settings)

    statuses = click.Choice(STATUSES, case_sensitive=False)
    severities = click.Choice(SEVERITIES, case_sensitive=False)
    types = click.Choice(TYPES, case_sensitive=False)
    for add in (
        option("--all", "every", is_flag=True, help="All exceptions, of any status."),
        option("--blocked", is_flag=True, help="Only exceptions that are not tried again."),
        option("--overdue", is_flag=True, help="Only exceptions past their SLA."),
        option("--older-than", metavar="AGE", help="Opened longer ago than 30m, 12h, 3d, 2w."),
        option("--assigned-to", metavar="NAME", help="Only exceptions assigned to NAME."),
        option("--key", multiple=True, metavar="K", help="Record key; repeatable."),
        option("--batch", multiple=True, metavar="B", help="Batch of the record; repeatable."),
        option("--table", multiple=True, metavar="T", help="Source or target table; repeatable."),
        option("--layer", multiple=True, metavar="L", help="Source or target layer; repeatable."),
        option("--type", multiple=True, type=types, help="Type of exception; repeatable."),
        option("--severity", multiple=True, type=severities, help="Severity; repeatable."),
        option("--status", multiple=True, type=statuses, help="Status; repeatable."),
        option("--entity", multiple=True, metavar="E", help="Entity; repeatable."),
        option("--check", multiple=True, metavar="C", help="Rule or reconciliation; repeatable."),
        option("--dataset", metavar="NAME", help="Dataset; default: the active one."),
    ):
        command = add(command)
    return command
