"""dbt in this process: parse once, run, and hand its events on. The only file that imports dbt."""

import gc
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runner.dbt.declarations import DeclaredModel
from runner.dbt.manifest import forget_parsed, fresh_nodes, written_sources
from runner.dbt.messages import clean_message, trouble_of
from runner.dbt.registry import lacking
from runner.errors import ConfigurationError, InterruptedRunError, RunnerError, TroubleError
from runner.postgres.profiles import Profile
from runner.project import Project

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

ENVIRONMENT_PREFIX = "DBT_ENV_CUSTOM_ENV_TRUSTGATE_"
"""What dbt hands on to a project's hooks without parsing everything again."""
GARBAGE_THRESHOLDS = (100_000, 20, 20)
"""dbt makes a million objects that stay; looking through them at Python's usual pace takes a
quarter of a run's time and frees next to nothing."""


@dataclass(frozen=True)
class NodeEvent:
    """A node of dbt's graph that started or finished.

    Attributes:
        kind: `started` or `finished`.
        stage: The part of the pipeline it belongs to: seeds, tests, snapshots, or its schema
            without the namespace.
        name: The node's name.
        status: As dbt says it (success, pass, warn, fail, error, skipped), empty when started.
        seconds: Time it took, 0 when started.
        total: Nodes of the whole invocation, 0 while unknown.
    """

    kind: str
    stage: str
    name: str
    status: str
    seconds: float
    total: int


@dataclass(frozen=True)
class NodeResult:
    """How one node of an invocation ended.

    Attributes:
        node_id: dbt's unique id.
        name: Its name.
        resource_type: model, test, seed, snapshot, unit_test, …
        test_name: Name of the generic test, such as `is_open_gate`; empty for other nodes.
        status: success, pass, warn, fail, error, skipped, …
        failures: Failing rows of a test, None where that means nothing.
        seconds: Time it took.
        message: What dbt says about it, may have several lines.
        path: Its file, relative to the project.
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
    """One dbt invocation.

    Attributes:
        run_id: dbt's invocation id, the run_id of the audit relations; empty if it never started.
        results: One for each node that ran or was skipped.
        error: What kept the invocation as a whole from working, None if nothing did.
    """

    run_id: str
    results: tuple[NodeResult, ...] = ()
    error: RunnerError | None = None

    def failed_nodes(self) -> tuple[NodeResult, ...]:
        """Nodes that broke, rather than tests that found something."""
        return tuple(result for result in self.results if result.status == "error")

    @property
    def is_misconfigured(self) -> bool:
        """Whether something in the project's files is what broke."""
        errors = (self.error, *(trouble_of(node.message) for node in self.failed_nodes()))
        return any(isinstance(error, ConfigurationError) for error in errors)


@dataclass
class Dbt:
    """dbt for one project and one connection; the project is parsed once.

    Attributes:
        dataset: The active one, handed on as TRUSTGATE_DATASET.
        environment: Names without ENVIRONMENT_PREFIX and their values, for the project's hooks.
    """

    project: Project
    profile: Profile
    dataset: str
    environment: dict[str, str] = field(default_factory=dict)
    _manifest: "Manifest | None" = None

    def manifest(self) -> Mapping[str, Any]:
        """All nodes of the project by unique id, the disabled ones left out.

        Raises: ConfigurationError if the project cannot be parsed.
        """
        if self._manifest is None:
            outcome, _ = self._invoke(["parse"])
            error = _error_of(outcome)
            if error is not None:
                forget_parsed(self.project)
                if lacks := " ".join(lacking(self.project)):
                    raise type(error)(error.message, f"{lacks} See docs/add-an-entity.md.")
                raise error
            from dbt.contracts.graph.manifest import Manifest

            assert isinstance(outcome.result, Manifest)
            self._manifest = outcome.result
        nodes: Mapping[str, Any] = self._manifest.nodes
        return nodes

    def models(self) -> list[DeclaredModel]:
        """What is declared of the project's models: as dbt last wrote it, or parsed anew.

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
        """Whether the project has sources that are not Trustgate's own, or nobody knows."""
        sources = written_sources(self.project)
        return sources is None or any(
            source["package_name"] != "trustgate" for source in sources.values()
        )

    def marts(self) -> tuple[str, ...]:
        """Names of the models that publish, which are those of the schema marts.

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
            on_event: Called from dbt's threads, one call at a time, for each node.
        Raises: ConfigurationError if the project cannot be parsed; InterruptedRunError on Ctrl-C.
        """
        self.manifest()
        outcome, run_id = self._invoke([command, *(options or [])], on_event)
        if isinstance(outcome.exception, KeyboardInterrupt | SystemExit):
            return Invocation(run_id, error=InterruptedRunError("Interrupted."))
        results = getattr(outcome.result, "results", None) or ()
        invocation = Invocation(run_id, tuple(map(_node_result, results)), _error_of(outcome))
        if invocation.is_misconfigured:
            forget_parsed(self.project)
        return invocation

    def create(self, select: str) -> Invocation:
        """Have dbt create tables that others write to; this is not a run, and has no dataset.

        Args:
            select: The models to create.
        """
        dataset = self.dataset
        # A dataset that is about to be loaded for the first time is not known to the project yet.
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
        os.environ["TRUSTGATE_DATASET"] = self.dataset
        for name, value in self.environment.items():
            os.environ[ENVIRONMENT_PREFIX + name] = value
        from dbt.cli.main import dbtRunner
        from dbt_common.events.functions import reset_metadata_vars

        reset_metadata_vars()
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
        outcome = caller.invoke([command[0], *arguments, *command[1:]])
        return outcome, listener.run_id


class _Listener:
    """Turns dbt's events into ours."""

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
    """What kept an invocation from working, None if nothing did; failing nodes are no such thing.

    Raises: InterruptedRunError if it was Ctrl-C.
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

    said = clean_message(str(error))
    mend = (ParsingError, CompilationError, DbtConfigError, DbtValidationError)
    if isinstance(error, (*mend, DbtProfileError, DbtProjectError)):
        return ConfigurationError(f"dbt cannot read the project: {said}", "Mend it and run again.")
    return trouble_of(said) or TroubleError(f"dbt failed: {said}", "logs/dbt.log has the details.")


def versions() -> dict[str, str]:
    """Versions of dbt-core and of the Postgres adapter.

    Raises: ImportError if one of them is not installed.
    """
    from dbt.adapters.postgres.__version__ import version as adapter
    from dbt.version import __version__ as core

    return {"dbt-core": core, "dbt-postgres": adapter}
