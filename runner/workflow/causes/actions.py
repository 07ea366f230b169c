"""The next thing to do about exceptions, by their type and cause, with the commands for it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from runner.workflow.causes.model import Action, Cause, FailingCheck

WRONG_VALUE = ("PARSE_ERROR", "VALIDATION_ERROR", "DQ_FAILURE")
DELIVERY = ("_batch_id", "source_file", "_loaded_at (day)")


def actions_for(
    dataset: str, checks: Sequence[FailingCheck], cause: Cause | None
) -> tuple[Action, ...]:
    """What to do about the exceptions of a group, the most of them first.

    Args:
        checks: At least one, the most exceptions first; its first record stands in the commands.
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
    words = {
        "PARSE_ERROR": "could not be read",
        "VALIDATION_ERROR": "are missing or not allowed",
        "DQ_FAILURE": "contradict other records or the rules of the business",
    }
    what = ", or ".join(words[name] for name in types)
    if cause is not None and cause.column in DELIVERY:
        return Action(
            types,
            f"Values {what}, in one delivery above all: have it sent again as it should be; the "
            "new versions take the place of these.",
            (
                f"runner load DIR --dataset {_word(dataset)}",
                f"runner run --dataset {_word(dataset)}",
            ),
        )
    return Action(
        types,
        f"Values {what}: look at a record's story, then correct it, or have it sent again.",
        (
            f"runner lineage {_record(check)} --dataset {_word(dataset)}",
            f"runner correct {_record(check)} {check.column or 'FIELD'}=VALUE"
            f" --dataset {_word(dataset)} --reason REASON --reprocess",
        ),
    )


def _reconciliation(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "Two layers or sources disagree: see which of them is right; correct or reload the wrong "
        "one, or accept the difference as it is.",
        (
            f"runner lineage {_record(check)} --dataset {_word(dataset)}",
            _accept(dataset, check),
        ),
    )


def _drift(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "A total differs: quarantined records are missing from it until they are mended, so see to "
        "those first; then accept what is left, if it is right.",
        (
            f"runner exceptions list --dataset {_word(dataset)}",
            _accept(dataset, check),
        ),
    )


def _reject(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "Lines could not be read at all: mend them where they come from, and load the file again.",
        (
            f"runner exceptions list --check {_word(check.check_id)} --dataset {_word(dataset)}",
            f"runner load DIR --dataset {_word(dataset)}",
        ),
    )


def _transform(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "The pipeline itself failed on them: mend the model, then evaluate them again.",
        (
            f"runner lineage {_record(check)} --dataset {_word(dataset)}",
            f"runner reprocess --failed --dataset {_word(dataset)}",
        ),
    )


def _other(dataset: str, check: FailingCheck) -> Action:
    return Action(
        (check.exception_type,),
        "Look at what was found.",
        (f"runner exceptions list --check {_word(check.check_id)} --dataset {_word(dataset)}",),
    )


def _accept(dataset: str, check: FailingCheck) -> str:
    key = f" --key {_word(check.sample[0])}" if check.sample else ""
    return (
        f"runner exceptions resolve --dataset {_word(dataset)} --check {_word(check.check_id)}{key}"
        " --action accepted --through --note REASON"
    )


def _record(check: FailingCheck) -> str:
    key = _word(check.sample[0]) if check.sample else "KEY"
    return f"{_word(check.entity or 'ENTITY')} {key}"


def _word(text: str) -> str:
    return shlex.quote(text)


_OF_TYPE = {
    "RECON_MISMATCH": _reconciliation,
    "METRIC_DRIFT": _drift,
    "LOAD_REJECT": _reject,
    "TRANSFORM_ERROR": _transform,
}
