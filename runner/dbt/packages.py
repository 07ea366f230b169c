"""dbt's packages: the real ones from the hub, or the stand-in where the hub does not answer."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.errors import ConfigurationError, TroubleError
from runner.project import Project, find_project

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


@dataclass(frozen=True)
class Package:
    """A package that is asked for by the project, or by a local package of it.

    Attributes:
        name: dbt's name of it.
        local: Directory of a local package, absolute; None for one of the hub.
        stand_in: Directory that its stand-in would have, for one of the hub.
    """

    name: str
    local: Path | None
    stand_in: Path


def wanted(project: Project) -> tuple[Package, ...]:
    """What packages.yml asks for, and what the local packages among it ask for in turn.

    Raises: ConfigurationError if a packages.yml cannot be read, or names a directory that is no
        project.
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
            "Write below `packages:` a line for each: `- local: DIRECTORY`, or what the hub says.",
        )
    for entry in entries:
        package, directory = str(entry.get("package") or ""), str(entry.get("local") or "")
        if directory:
            local = (root / directory).resolve()
            if not (local / "dbt_project.yml").is_file():
                raise ConfigurationError(
                    f"{path} asks for {directory}, where there is no dbt_project.yml.",
                    "Give the path of a dbt project, from the project's directory on.",
                )
            yield Package(find_project(local).name, local, local)
            yield from _wanted(local)
        elif package:
            name = package.rpartition("/")[2]
            yield Package(name, None, root / "stand_in" / name)


def missing(project: Project) -> list[str]:
    """Packages that are asked for and not installed."""
    present = installed(project).packages
    return [package.name for package in wanted(project) if package.name not in present]


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
    packages = wanted(project)
    if not packages:
        return installed(project)
    said = "not asked"
    if not offline:
        tell("Installing dbt packages …")
        said = _install_from_hub(project)
        if not said:
            return installed(project)
    lacking = [one.name for one in packages if not (one.local or one.stand_in).is_dir()]
    if lacking:
        raise TroubleError(
            f"The dbt packages {', '.join(lacking)} are missing, and the package hub does not "
            f"help: {said}",
            "Connect to the network and run `runner deps`.",
        )
    for package in packages:
        name = package.name
        if package.local is not None:
            _link(project, name, package.local)
            continue
        if not offline and name in installed(project).packages:
            tell(f"The package hub does not answer; {name} stays as it is installed.")
            continue
        _install_stand_in(project, package)
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


def _link(project: Project, name: str, local: Path) -> None:
    """Put a local package where dbt looks for it, as dbt does: by a link."""
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
