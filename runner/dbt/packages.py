"""dbt packages: from the package hub, or the stand-in if the hub does not answer."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ConfigurationError, OperationalError
from runner.project import Project, find_project

HUB_SECONDS = 20
"""Time limit for the whole installation from the hub."""
STAND_IN_MARK = ".stand-in"


@dataclass(frozen=True)
class Installation:
    """The contents of dbt_packages.

    Attributes:
        packages: Names of the installed packages.
        is_stand_in: Whether one of them is the project's stand-in.
    """

    packages: tuple[str, ...]
    is_stand_in: bool


def installed(project: Project) -> Installation:
    """The packages installed now; empty if dbt_packages does not exist."""
    directory = project.root / "dbt_packages"
    found = sorted(path.parent.name for path in directory.glob("*/dbt_project.yml"))
    return Installation(tuple(found), any(directory.glob(f"*/{STAND_IN_MARK}")))


@dataclass(frozen=True)
class Package:
    """A package that the project, or a local package of it, requires.

    Attributes:
        name: Name of its dbt project.
        local: Absolute directory of a local package; None for a package of the hub.
        stand_in: Directory of the stand-in for a package of the hub; it may not exist.
    """

    name: str
    local: Path | None
    stand_in: Path


def wanted(project: Project) -> tuple[Package, ...]:
    """The packages of packages.yml, and those of its local packages.

    Raises: ConfigurationError if a packages.yml cannot be read, or lists a directory that is
        not a dbt project.
    """
    return tuple({package.name: package for package in _wanted(project.root)}.values())


def _wanted(root: Path) -> Iterator[Package]:
    import yaml

    path = root / "packages.yml"
    if not path.is_file():
        return
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {' '.join(str(error).split())}"
        ) from error
    entries = (content.get("packages") or []) if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise ConfigurationError(
            f"{path} has no list of packages.",
            "List each package below `packages:`, as `- local: DIRECTORY` or as the hub shows it.",
        )
    for entry in entries:
        package, directory = str(entry.get("package") or ""), str(entry.get("local") or "")
        if directory:
            local = (root / directory).resolve()
            if not (local / "dbt_project.yml").is_file():
                raise ConfigurationError(
                    f"{path} lists {directory}, which has no dbt_project.yml.",
                    "Give the path of a dbt project, relative to the directory of this project.",
                )
            yield Package(find_project(local).name, local, local)
            yield from _wanted(local)
        elif package:
            name = package.rpartition("/")[2]
            yield Package(name, None, root / "stand_in" / name)


def missing(project: Project) -> list[str]:
    """Packages that are required but not installed."""
    present = installed(project).packages
    return [package.name for package in wanted(project) if package.name not in present]


def ensure(project: Project, notify: Callable[[str], None]) -> None:
    """Install the packages if one is missing."""
    if missing(project):
        install(project, notify)


def install(project: Project, notify: Callable[[str], None], offline: bool = False) -> Installation:
    """Install the packages from the hub, or the stand-in if the hub does not answer.

    Args:
        notify: Called with a sentence about each step.
        offline: Do not use the hub.
    Raises: OperationalError if neither works.
    """
    packages = wanted(project)
    if not packages:
        return installed(project)
    failure = "not asked"
    if not offline:
        notify("Installing dbt packages …")
        failure = _install_from_hub(project)
        if not failure:
            return installed(project)
    absent = [one.name for one in packages if not (one.local or one.stand_in).is_dir()]
    if absent:
        raise OperationalError(
            f"The dbt packages {', '.join(absent)} are missing, and they cannot be installed "
            f"from the package hub: {failure}",
            "Connect to the network and run `runner deps`.",
        )
    for package in packages:
        name = package.name
        if package.local is not None:
            _link(project, name, package.local)
            continue
        if not offline and name in installed(project).packages:
            notify(f"The package hub does not answer; {name} stays as it is installed.")
            continue
        _install_stand_in(project, package)
        if offline:
            notify(f"Installed the stand-in for {name}.")
        else:
            notify(
                f"The package hub does not answer; installed the project's stand-in for {name}. "
                "`runner deps` fetches the real one later."
            )
    return installed(project)


def _install_from_hub(project: Project) -> str:
    """Run `dbt deps` in a process of its own, with a time limit.

    Returns: The reason of the failure, empty on success.
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
        failure = "" if finished.returncode == 0 else _last_line(finished.stdout + finished.stderr)
    except subprocess.TimeoutExpired:
        failure = f"no answer within {HUB_SECONDS} seconds."
    if failure and aside.is_dir():
        shutil.rmtree(directory, ignore_errors=True)
        aside.rename(directory)
    shutil.rmtree(aside, ignore_errors=True)
    return failure


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no message."


def _link(project: Project, name: str, local: Path) -> None:
    """Link a local package into dbt_packages, as dbt does."""
    target = project.root / "dbt_packages" / name
    if target.is_symlink():
        target.unlink()
    else:
        shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(exist_ok=True)
    target.symlink_to(local)


def _install_stand_in(project: Project, package: Package) -> None:
    target = project.root / "dbt_packages" / package.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(package.stand_in, target)
    (target / STAND_IN_MARK).touch()
