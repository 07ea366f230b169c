"""The dbt project: its directory, its names and its registry."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from runner.errors import ConfigurationError

DEFAULT_DATASET = "good"
Kind = TypeVar("Kind", dict[str, Any], list[Any])
NAMESPACE_FORM = r"[a-z][a-z0-9_]{0,30}"
DATASET_FORM = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}"


@dataclass(frozen=True)
class Project:
    """A dbt project on disk, and the namespace of its schemas.

    Attributes:
        root: Absolute directory that holds dbt_project.yml.
        name: dbt's name of the project.
        profile_name: The profile it uses in profiles.yml.
        bundled_datasets: Datasets bundled as seeds, each with the entities it has a seed of;
            `vars: trustgate: bundled_datasets`.
        entities: Entities registered in `vars: trustgate: entities`.
        candidates: Entities that have a candidate in `vars: trustgate: candidates`.
        namespace: Prefix of all schemas, empty for none; from TRUSTGATE_NAMESPACE.
        model_paths: Where its models are, relative to root.
        target_path: dbt's target directory, relative to root.
    """

    root: Path
    name: str
    profile_name: str
    bundled_datasets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    namespace: str = ""
    model_paths: tuple[str, ...] = ("models",)
    target_path: str = "target"
    entities: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.namespace and not re.fullmatch(NAMESPACE_FORM, self.namespace):
            raise ConfigurationError(
                f"TRUSTGATE_NAMESPACE is {self.namespace!r}, which cannot prefix a schema name.",
                "Set it to lower case letters, digits and underscores, starting with a letter, "
                "31 at most.",
            )

    @property
    def home(self) -> Path:
        """Directory of the runner's own files: the embedded database and its profile."""
        return self.root / ".trustgate"

    def schema(self, name: str) -> str:
        """Name of a schema in the database, with the namespace as prefix."""
        return f"{self.namespace}_{name}" if self.namespace else name


def find_project(start: Path | None = None) -> Project:
    """The dbt project in `start` or the nearest directory above it.

    Args:
        start: Directory to start from; by default the current directory.
    Raises: ConfigurationError if there is none, or its dbt_project.yml cannot be read.
    """
    origin = (start or Path.cwd()).resolve()
    if not origin.is_dir():
        raise ConfigurationError(f"There is no directory {origin}.")
    for directory in (origin, *origin.parents):
        if (directory / "dbt_project.yml").is_file():
            return _read_project(directory)
    raise ConfigurationError(
        f"There is no dbt_project.yml in {origin} or above it.",
        "Change into the project's directory, or give it with --project-dir.",
    )


def _read_project(root: Path) -> Project:
    import yaml

    path = root / "dbt_project.yml"
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read: {_one_line(error)}.") from error
    if not isinstance(content, dict) or "name" not in content:
        raise ConfigurationError(f"{path} has no `name`.", "Give the project a name.")
    name = str(content["name"])
    variables = _setting(path, content, "vars", dict)
    settings = _setting(path, variables, "trustgate", dict)
    bundled = _setting(path, settings, "bundled_datasets", dict)
    return Project(
        root=root,
        name=name,
        profile_name=str(content.get("profile") or name),
        bundled_datasets={
            str(dataset): tuple(map(str, _setting(path, bundled, dataset, list)))
            for dataset in bundled
        },
        namespace=os.environ.get("TRUSTGATE_NAMESPACE", "").strip(),
        model_paths=tuple(map(str, _setting(path, content, "model-paths", list) or ("models",))),
        target_path=str(content.get("target-path") or "target"),
        entities=tuple(map(str, _setting(path, settings, "entities", list))),
        candidates=tuple(map(str, _setting(path, settings, "candidates", dict))),
    )


def _setting(path: Path, settings: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind:
    """A setting of dbt_project.yml, empty if it is not set.

    Raises: ConfigurationError if it has another type.
    """
    found = settings.get(name)
    if found is None:
        return kind()
    if not isinstance(found, kind):
        what = "a list" if kind is list else "a mapping"
        raise ConfigurationError(f"{path}: `{name}` is {found!r}, but must be {what}.")
    return found


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def choose_dataset(dataset: str | None, data_dir: Path | None) -> str:
    """The active dataset: the option, else the name of the directory, else the environment.

    Args:
        dataset: Value of --dataset.
        data_dir: Directory whose files are loaded now.
    Raises: ConfigurationError for a name that is empty or has other characters than DATASET_FORM.
    Source: the same order as the dbt project's macro for the active dataset.
    """
    if dataset is not None:
        name = dataset
    elif data_dir is not None:
        name = data_dir.resolve().name
    else:
        name = (
            os.environ.get("TRUSTGATE_DATASET")
            or Path(os.environ.get("DATA_DIR", "")).name
            or DEFAULT_DATASET
        )
    if not re.fullmatch(DATASET_FORM, name):
        raise ConfigurationError(
            f"{name!r} is not a valid dataset name.",
            "Use letters, digits, `_`, `-` and `.`, at most 63 characters: --dataset NAME.",
        )
    return name
