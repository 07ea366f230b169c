"""A verdict as JUnit XML: a test case for each check of the gate and each failed dbt test."""

from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from runner.errors import OperationalError
from runner.gate.decision import Gate
from runner.gate.verdict import Verdict
from runner.report.lines import counted, shortened, visible


def write_junit(verdict: Verdict, path: Path) -> None:
    """Write the verdict for a CI server.

    Raises: OperationalError if the file cannot be written.
    """
    suite = Element("testsuite", name=f"trustgate {verdict.dataset}", time=f"{verdict.seconds:.3f}")
    failures = errors = 0
    for check in verdict.checks:
        case = SubElement(
            suite,
            "testcase",
            classname=f"gate.{check.kind}",
            name=_name(check.check_id, check.entity),
        )
        if not check.is_open:
            failures += 1
            message = f"{counted(check.open_count, 'failure')}, {check.allowed} allowed"
            body = [check.detail, *(f"key {key}" for key in check.sample)]
            SubElement(case, "failure", message=message).text = "\n".join(filter(None, body))
    for test in verdict.failed_tests:
        failures += 1
        case = SubElement(suite, "testcase", classname="dbt.test", name=test.name)
        SubElement(case, "failure", message=test.message).text = test.path
    for node in verdict.broken:
        errors += 1
        case = SubElement(suite, "testcase", classname="dbt.node", name=node.name)
        SubElement(case, "error", message=node.message).text = node.path
    if verdict.gate is Gate.NOT_EVALUATED:
        errors += 1
        case = SubElement(suite, "testcase", classname="gate", name="evaluated")
        SubElement(case, "error", message=verdict.reason)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("errors", str(errors))
    for part in suite.iter():
        part.text = _written(part.text) if part.text else part.text
        for name, value in part.items():
            part.set(name, _written(value))
    indent(suite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise OperationalError(f"{path} cannot be written: {error.strerror}.") from error


def _written(text: str) -> str:
    """A text that XML can hold, each line shortened."""
    return visible("\n".join(map(shortened, text.split("\n"))))


def _name(check_id: str, entity: str | None) -> str:
    return f"{check_id} ({entity})" if entity else check_id
