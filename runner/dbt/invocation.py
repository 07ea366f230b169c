"""Invoke dbt in this process: parse once, run, and pass its events on."""

import contextlib
import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runner.dbt.declarations import DeclaredModel
from runner.dbt.manifest import forget_parsed, fresh_nodes, target_directory, written_sources
from runner.dbt.messages import clean_message, known_error
from runner.dbt.registry import registry_errors
from runner.dbt.templates import kept_templates
from runner.errors import ConfigurationError, InterruptedRunError, OperationalError, RunnerError
from runner.own_files import make_private
from runner.postgres import session
from runner.postgres.profiles import Profile
from runner.project import Project

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

ENVIRONMENT_PREFIX = "DBT_ENV_CUSTOM_ENV_TRUSTGATE_"
"""Prefix of environment variables that hooks can read without a full parse by dbt."""
GARBAGE_THRESHOLDS = (100_000, 20, 20)
"""dbt creates a million long-lived objects; with Python's default thresholds, collecting garbage
takes a quarter of the time of a run and frees almost nothing."""


@dataclass(frozen=True)
class NodeEvent:
    """A node of dbt's graph that started or finished.

    Attributes:
        kind: `started` or `finished`.
        stage: The part of the pipeline: seeds, tests, snapshots, or the schema without the
            namespace.
        name: The node's name.
        status: Status of dbt (success, pass, warn, fail, error, skipped); empty when started.
        seconds: Duration, 0 when started.
        total: Number of nodes of the invocation, 0 while unknown.
    """

    kind: str
    stage: str
    name: str
    status: str
    seconds: float
    total: int


@dataclass(frozen=True)
class NodeResult:
    """Result of one node of an invocation.

    Attributes:
        node_id: dbt's unique id.
        name: Its name.
        resource_type: model, test, seed, snapshot, unit_test, …
        test_name: Name of the generic test, such as `is_open_gate`; empty for other nodes.
        status: success, pass, warn, fail, error, skipped, …
        failures: Failing rows of a test, None for other nodes.
        seconds: Duration.
        message: Message of dbt; it may have several lines.
        path: File of the node, relative to the project.
    """

    node_id: str
    name: str
    resource_type: str
    test_name: str
    status: str
    failures: int | None
    seconds: float
    message: str
    path: str


@dataclass(frozen=True)
class Invocation:
    """The outcome of one dbt invocation.

    Attributes:
        run_id: dbt's invocation id, the run_id of the audit relations; empty if it never started.
        results: One for each node that ran or was skipped.
        error: The error that ended the invocation as a whole, None if there was none.
    """

    run_id: str
    results: tuple[NodeResult, ...] = ()
    error: RunnerError | None = None

    def failed_nodes(self) -> tuple[NodeResult, ...]:
        """Nodes that ended in an error; failing tests are not among them."""
        return tuple(result for result in self.results if result.status == "error")

    @property
    def is_misconfigured(self) -> bool:
        """Whether an error is in the files of the project."""
        errors = (self.error, *(known_error(node.message) for node in self.failed_nodes()))
        return any(isinstance(error, ConfigurationError) for error in errors)


@dataclass
class Dbt:
    """dbt for one project and one connection; the project is parsed once.

    Attributes:
        dataset: The active dataset, passed to dbt as TRUSTGATE_DATASET.
        environment: Variables for the hooks of the project, without ENVIRONMENT_PREFIX.
    """

    project: Project
    profile: Profile
    dataset: str
    environment: dict[str, str] = field(default_factory=dict)
    _manifest: "Manifest | None" = None

    def manifest(self, is_written: bool = True) -> Mapping[str, Any]:
        """All enabled nodes of the project by unique id.

        Args:
            is_written: Whether to write manifest.json. Each other command writes it at its end.
        Raises: ConfigurationError if the project cannot be parsed.
        """
        if self._manifest is None:
            outcome, _ = self._invoke(["parse", *([] if is_written else ["--no-write-json"])])
            error = _error_of(outcome)
            if error is not None:
                forget_parsed(self.project)
                if missing := " ".join(registry_errors(self.project)):
                    raise type(error)(error.message, f"{missing} See docs/add-an-entity.md.")
                raise error
            from dbt.contracts.graph.manifest import Manifest

            assert isinstance(outcome.result, Manifest)
            self._manifest = outcome.result
        nodes: Mapping[str, Any] = self._manifest.nodes
        return nodes

    def models(self) -> list[DeclaredModel]:
        """Declarations of the models, from manifest.json if it is current, else parsed again.

        Raises: ConfigurationError if the project cannot be parsed.
        """
        written = fresh_nodes(self.project) if self._manifest is None else None
        if written is not None:
            return [
                DeclaredModel(
                    node["name"],
                    node["config"].get("meta") or {},
                    (*node["columns"],),
                    _types((name, one["data_type"]) for name, one in node["columns"].items()),
                )
                for node in written.values()
                if node["resource_type"] == "model"
            ]
        return [
            DeclaredModel(
                node.name,
                node.config.meta or {},
                (*node.columns,),
                _types((name, one.data_type) for name, one in node.columns.items()),
            )
            for node in self.manifest().values()
            if str(node.resource_type) == "model"
        ]

    def compiled(self, text: str) -> str:
        """SQL that a text of Jinja gives in the project.

        Raises: ConfigurationError if the project cannot be parsed or the text not be compiled.
        """
        self.manifest()
        outcome, _ = self._invoke(["compile", "--inline", text])
        if (error := _error_of(outcome)) is not None:
            raise error
        sql: str = outcome.result.results[0].node.compiled_code
        return sql

    def reads_other_sources(self) -> bool:
        """Whether the project has sources other than those of Trustgate, or may have."""
        sources = written_sources(self.project)
        return sources is None or any(
            source["package_name"] != "trustgate" for source in sources.values()
        )

    def marts(self) -> tuple[str, ...]:
        """Names of the models that publish: those in the schema marts.

        Raises: ConfigurationError if the project cannot be parsed.
        """
        schema = self.project.schema("marts")
        return tuple(
            node.name
            for node in self.manifest().values()
            if str(node.resource_type) == "model"
            and node.schema == schema
            and not node.is_ephemeral
        )

    def run(
        self,
        command: str,
        options: list[str] | None = None,
        on_event: Callable[[NodeEvent], None] | None = None,
    ) -> Invocation:
        """Run a dbt command on the parsed project.

        Args:
            command: build, run, compile, …
            options: dbt's options, such as `--select`.
            on_event: Called with each event of a node, from threads of dbt, one call at a time.
        Raises: ConfigurationError if the project cannot be parsed; InterruptedRunError on Ctrl-C.
        """
        self.manifest(is_written=False)
        outcome, run_id = self._invoke([command, *(options or [])], on_event)
        if isinstance(outcome.exception, KeyboardInterrupt | SystemExit):
            return Invocation(run_id, error=InterruptedRunError("Interrupted."))
        results = getattr(outcome.result, "results", None) or ()
        invocation = Invocation(run_id, tuple(map(_node_result, results)), _error_of(outcome))
        if invocation.is_misconfigured:
            forget_parsed(self.project)
        return invocation

    def create(self, select: str) -> Invocation:
        """Create tables that the runner and users write to; this is not a run and has no dataset.

        Args:
            select: The models to create.
        """
        dataset = self.dataset
        # The project does not know a dataset yet that is loaded for the first time.
        self.dataset = next(iter(self.project.bundled_datasets), dataset)
        self.environment["INTAKE"] = "1"
        try:
            return self.run("run", ["--select", select])
        finally:
            self.dataset = dataset
            self.environment["INTAKE"] = ""

    def _invoke(
        self, command: list[str], on_event: Callable[[NodeEvent], None] | None = None
    ) -> tuple["dbtRunnerResult", str]:
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        from dbt.cli.main import dbtRunner
        from dbt_common.events.functions import reset_metadata_vars

        make_private(self.project.root / "logs" / "dbt.log")
        listener = _Listener(self.project, on_event)
        arguments = [
            *("--project-dir", str(self.project.root)),
            *("--profiles-dir", str(self.profile.directory)),
            *("--target", self.profile.target),
            *("--log-path", str(self.project.root / "logs")),
            *("--log-level", "none", "--log-level-file", "debug"),
            "--no-send-anonymous-usage-stats",
        ]
        caller = dbtRunner(manifest=self._manifest, callbacks=[listener])
        variables = {
            **session.ENVIRONMENT,
            "TRUSTGATE_DATASET": self.dataset,
            **{ENVIRONMENT_PREFIX + name: value for name, value in self.environment.items()},
        }
        kept = kept_templates(target_directory(self.project) / "templates.marshal")
        with _set_variables(variables), kept:
            reset_metadata_vars()
            outcome = caller.invoke([command[0], *arguments, *command[1:]])
        return outcome, listener.run_id


@contextlib.contextmanager
def _set_variables(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for one invocation; what follows must not inherit them."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Listener:
    """Turns events of dbt into NodeEvents."""

    def __init__(self, project: Project, on_event: Callable[[NodeEvent], None] | None) -> None:
        self.run_id = ""
        self.total = 0
        self.prefix = f"{project.namespace}_" if project.namespace else ""
        self.on_event = on_event

    def __call__(self, event: Any) -> None:
        name = event.info.name
        if name == "MainReportVersion":
            self.run_id = event.info.invocation_id
        if self.on_event is None:
            return
        if name == "LogStartLine":
            self.total = event.data.total
        elif name in ("NodeStart", "NodeFinished"):
            node = event.data.node_info
            finished = name == "NodeFinished"
            result = event.data.run_result if finished else None
            self.on_event(
                NodeEvent(
                    kind="finished" if finished else "started",
                    stage=self._stage(node),
                    name=node.node_name,
                    status=str(result.status) if result is not None else "",
                    seconds=float(result.execution_time) if result is not None else 0.0,
                    total=self.total,
                )
            )

    def _stage(self, node: Any) -> str:
        if node.resource_type in ("test", "unit_test"):
            return "tests"
        if node.resource_type in ("seed", "snapshot"):
            return f"{node.resource_type}s"
        return str(node.node_relation.schema).removeprefix(self.prefix) or str(node.resource_type)


def _types(declared: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    return {name: type_name for name, type_name in declared if type_name}


def _node_result(result: Any) -> NodeResult:
    node = result.node
    metadata = getattr(node, "test_metadata", None)
    return NodeResult(
        node_id=node.unique_id,
        name=node.name,
        resource_type=str(node.resource_type.value),
        test_name=metadata.name if metadata is not None else "",
        status=str(getattr(result.status, "value", result.status)),
        failures=result.failures,
        seconds=float(result.execution_time or 0),
        message=str(result.message or ""),
        path=node.original_file_path,
    )


def _error_of(outcome: "dbtRunnerResult") -> RunnerError | None:
    """The error that ended an invocation as a whole, None if there was none.

    Raises: InterruptedRunError after Ctrl-C.
    """
    error = outcome.exception
    if error is None:
        return None
    if isinstance(error, KeyboardInterrupt | SystemExit):
        raise InterruptedRunError("Interrupted.") from error
    return _explain(error)


def _explain(error: BaseException) -> RunnerError:
    from dbt.exceptions import DbtProfileError, DbtProjectError, ParsingError
    from dbt_common.exceptions import CompilationError, DbtConfigError, DbtValidationError

    message = clean_message(str(error))
    in_project = (ParsingError, CompilationError, DbtConfigError, DbtValidationError)
    if isinstance(error, (*in_project, DbtProfileError, DbtProjectError)):
        return ConfigurationError(
            f"dbt cannot read the project: {message}", "Fix it and run again."
        )
    return known_error(message) or OperationalError(
        f"dbt failed: {message}", "See logs/dbt.log for details."
    )


def versions() -> dict[str, str]:
    """Versions of dbt-core and of the Postgres adapter.

    Raises: ImportError if one of them is not installed.
    """
    from dbt.adapters.postgres.__version__ import version as adapter
    from dbt.version import __version__ as core

    return {"dbt-core": core, "dbt-postgres": adapter}
