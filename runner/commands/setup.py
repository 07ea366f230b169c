"""`runner deps` and `runner doctor`."""

import click

from runner.commands.options import Where, examples, json_option, where_options
from runner.exit_codes import ExitCode


@click.command(epilog=examples("runner deps", "runner deps --offline"))
@click.option("--offline", is_flag=True, help="Install the stand-in without using the package hub.")
@json_option
@where_options
def deps(where: Where, offline: bool, as_json: bool) -> ExitCode:
    """Install the dbt packages.

    Installs them from the dbt package hub. If the hub does not answer, installs the stand-in of the
    project, which has the tests that the project uses; run it again later for the real packages.
    """
    from runner.dbt.packages import install
    from runner.report.lines import Line
    from runner.report.streams import print_json
    from runner.report.terminal import Progress, print_lines

    with Progress() as progress:
        installation = install(where.project(), progress.notify, offline)
    if as_json:
        print_json(installation)
    else:
        names = ", ".join(installation.packages) or "none needed"
        print_lines([Line(f"Installed: {names}.", "good")])
    return ExitCode.GATE_OPEN


@click.command(
    short_help="Check the installation.",
    epilog=examples("runner doctor", "runner doctor --target server --json"),
)
@json_option
@where_options
def doctor(where: Where, as_json: bool) -> ExitCode:
    """Check the installation: print what is wrong and how to fix it.

    Exit code 0: a run can work. 2: a check failed.
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
