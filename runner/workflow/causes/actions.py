"""The next step for exceptions, by type and cause, with the commands for it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from runner.workflow.causes.model import Action, Cause, FailingCheck

WRONG_VALUE = ("PARSE_ERROR", "VALIDATION_ERROR", "DQ_FAILURE")
DELIVERY = ("_batch_id", "source_file", "_loaded_at (day)")


def actions_for(
    dataset: str, checks: Sequence[FailingCheck], cause: Cause | None
) -> tuple[Action, ...]:
    """The next steps for the exceptions of a group, by falling number of exceptions.

    Args:
        checks: At least one, by falling number of exceptions; the commands name a record of it.
    """
    first = {check.exception_type: check for check in reversed(checks)}
    types = list(dict.fromkeys(check.exception_type for check in checks))
    actions = []
    wrong = tuple(name for name in types if name in WRONG_VALUE)
    if wrong:
        actions.append(_wrong_value(dataset, first[wrong[0]], wrong, cause))
    for name in types:
        if name in WRONG_VALUE:
            continue
        actions.append(_OF_TYPE.get(name, _other)(dataset, first[name]))
    return tuple(actions)


def _wrong_value(
    dataset: str, check: FailingCheck, types: tuple[str, ...], cause: Cause | None
) -> Action:
    problems = {
        "PARSE_ERROR": "cannot be read",
        "VALIDATION_ERROR": "are missing or not allowed",
        "DQ_FAILURE": "contradict other records or business rules",
    }
    problem = ", or ".join(problems[name] for name in types)
    if cause is not None and cause.column in DELIVERY:
        return Action(
            types,
            f"Values {problem}, mainly in one delivery: ask for a corrected delivery; its records "
            "are new versions of these.",
            (
                f"runner load DIR --dataset {_shell(dataset)}",
                f"runner run --dataset {_shell(dataset)}",
            ),
        )
    return Action(
        types,
        f"Values {problem}: look at the lineage of a record, then correct it or ask for a new one.",
        (
            f"runner lineage {_record(check)} --dataset {_shell(dataset)}",
            f"runner correct {_record(check)} {check.column or 'FIELD'}=VALUE"
            f" --dataset {_shell(dataset)} --reason REASON --reprocess",
        ),
    )


def _reconciliation(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "Two layers or sources disagree: find out which is right, then correct or reload the other "
        "one, or accept the difference.",
        (
            f"runner lineage {_record(check)} --dataset {_shell(dataset)}",
            _accept(dataset, check),
        ),
    )


def _drift(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "A total differs: quarantined records are missing from it, so resolve those first; then "
        "accept the remaining difference if it is right.",
        (
            f"runner exceptions list --dataset {_shell(dataset)}",
            _accept(dataset, check),
        ),
    )


def _reject(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "Lines could not be read: ask the sender to fix them, then load the file again.",
        (
            f"runner exceptions list --check {_shell(check.check_id)} --dataset {_shell(dataset)}",
            f"runner load DIR --dataset {_shell(dataset)}",
        ),
    )


def _transform(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "The pipeline failed on these records: fix the model, then evaluate them again.",
        (
            f"runner lineage {_record(check)} --dataset {_shell(dataset)}",
            f"runner reprocess --failed --dataset {_shell(dataset)}",
        ),
    )


def _other(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "Look at the exceptions.",
        (f"runner exceptions list --check {_shell(check.check_id)} --dataset {_shell(dataset)}",),
    )


def _accept(dataset: str, check: FailingCheck) -> str:
    key = f" --key {_shell(check.sample[0])}" if check.sample else ""
    return (
        f"runner exceptions resolve --dataset {_shell(dataset)} --check {_shell(check.check_id)}"
        f"{key} --action accepted --through --note REASON"
    )


def _record(check: FailingCheck) -> str:
    key = _shell(check.sample[0]) if check.sample else "KEY"
    return f"{_shell(check.entity or 'ENTITY')} {key}"


def _shell(text: str) -> str:
    return shlex.quote(text)


_OF_TYPE = {
    "RECON_MISMATCH": _reconciliation,
    "METRIC_DRIFT": _drift,
    "LOAD_REJECT": _reject,
    "TRANSFORM_ERROR": _transform,
}
