"""`runner deps` and `runner doctor`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(epilog=examples("runner deps", "runner deps --offline"))
@click.option("--offline", is_flag=True, help="Take the project's stand-in without asking the hub.")
@json_option
@where_options
def deps(where: Where, offline: bool, as_json: bool) -> ExitCode:
    """Install the dbt packages.

    Fetches the real ones from dbt's package hub. Where it does not answer, the project's own
    stand-in is installed, which has the tests the project uses; run it again to get the real ones.
    """
    from runner.dbt.packages import install
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import Progress, print_lines

    with Progress() as progress:
        installation = install(where.project(), progress.tell, offline)
    if as_json:
        print_json(installation)
    else:
        names = ", ".join(installation.packages) or "none needed"
        print_lines([Line(f"Installed: {names}.", "good")])
    return ExitCode.GATE_OPEN


@click.command(
    short_help="Say what is wrong with the set-up, and how to mend it.",
    epilog=examples("runner doctor", "runner doctor --target server --json"),
)
@json_option
@where_options
def doctor(where: Where, as_json: bool) -> ExitCode:
    """Look for what is wrong with the set-up, and say how to mend it.

    Exit code 0: nothing that keeps a run from working. 2: something does.
    """
    from runner.report.doctor_lines import explain_finding
    from runner.report.streams import print_json
    from runner.report.terminal import print_lines
    from runner.workflow.doctor import examine

    findings = []
    for finding in examine(where.project_dir, where.profiles_dir, where.target):
        findings.append(finding)
        if not as_json:
            print_lines(explain_finding(finding))
    if as_json:
        print_json(findings)
    failed = any(finding.status == "fail" for finding in findings)
    return ExitCode.CONFIGURATION if failed else ExitCode.GATE_OPEN
