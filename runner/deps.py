"""dbt's packages: the real ones from the hub, or the stand-in where the hub does not answer."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ConfigurationError, TroubleError
from runner.project import Project

HUB_SECONDS = 20
"""How long the hub may take for everything before it counts as not answering."""
STAND_IN_MARK = ".stand-in"


@dataclass(frozen=True)
class Installation:
    """What is installed in dbt_packages.

    Attributes:
        packages: Names of the installed packages.
        is_stand_in: Whether one of them is the project's stand-in.
    """

    packages: tuple[str, ...]
    is_stand_in: bool


def installed(project: Project) -> Installation:
    """What is installed now; nothing at all if dbt_packages is missing."""
    directory = project.root / "dbt_packages"
    found = sorted(path.parent.name for path in directory.glob("*/dbt_project.yml"))
    return Installation(tuple(found), any(directory.glob(f"*/{STAND_IN_MARK}")))


def wanted(project: Project) -> tuple[str, ...]:
    """Names of the packages that packages.yml asks for.

    Raises: ConfigurationError if it cannot be read.
    """
    import yaml

    path = project.root / "packages.yml"
    if not path.is_file():
        return ()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        entries = content.get("packages") or []
        names = [str(entry.get("package") or entry.get("local") or "") for entry in entries]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {' '.join(str(error).split())}"
        ) from error
    return tuple(name.rpartition("/")[2] for name in names if name)


def missing(project: Project) -> list[str]:
    """Packages that are asked for and not installed."""
    present = installed(project).packages
    return [name for name in wanted(project) if name not in present]


def ensure(project: Project, tell: Callable[[str], None]) -> None:
    """Install the packages if one is missing."""
    if missing(project):
        install(project, tell)


def install(project: Project, tell: Callable[[str], None], offline: bool = False) -> Installation:
    """Install the packages from the hub, or the stand-in if the hub does not answer.

    Args:
        tell: Called with what is being done.
        offline: Do not ask the hub at all.
    Raises: TroubleError if neither works.
    """
    names = wanted(project)
    if not names:
        return installed(project)
    said = "not asked"
    if not offline:
        tell("Installing dbt packages …")
        said = _install_from_hub(project)
        if not said:
            return installed(project)
    lacking = [name for name in names if not _stand_in(project, name).is_dir()]
    if lacking:
        raise TroubleError(
            f"The dbt packages {', '.join(lacking)} are missing, and the package hub does not "
            f"help: {said}",
            "Connect to the network and run `runner deps`.",
        )
    for name in names:
        if not offline and name in installed(project).packages:
            tell(f"The package hub does not answer; {name} stays as it is installed.")
            continue
        _install_stand_in(project, name)
        if offline:
            tell(f"Installed the stand-in for {name}.")
        else:
            tell(
                f"The package hub does not answer; installed the project's stand-in for {name}. "
                "`runner deps` fetches the real one later."
            )
    return installed(project)


def _install_from_hub(project: Project) -> str:
    """Let dbt fetch the packages, in a process that can be ended.

    Returns: Empty if that worked, else why not.
    """
    directory = project.root / "dbt_packages"
    aside = project.root / "dbt_packages.before"
    shutil.rmtree(aside, ignore_errors=True)
    if directory.is_dir():
        directory.rename(aside)
    try:
        finished = subprocess.run(
            [
                *(sys.executable, "-m", "dbt.cli.main", "deps"),
                *("--project-dir", str(project.root), "--log-path", str(project.root / "logs")),
                "--no-send-anonymous-usage-stats",
            ],
            cwd=project.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=HUB_SECONDS,
        )
        said = "" if finished.returncode == 0 else _last_line(finished.stdout + finished.stderr)
    except subprocess.TimeoutExpired:
        said = f"no answer within {HUB_SECONDS} seconds."
    if said and aside.is_dir():
        shutil.rmtree(directory, ignore_errors=True)
        aside.rename(directory)
    shutil.rmtree(aside, ignore_errors=True)
    return said


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."


def _stand_in(project: Project, name: str) -> Path:
    return project.root / "stand_in" / name


def _install_stand_in(project: Project, name: str) -> None:
    target = project.root / "dbt_packages" / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_stand_in(project, name), target)
    (target / STAND_IN_MARK).touch()
