"""dbt in a process of its own, timed from inside, with the memory it took.

Run as a module it is that process: `python -m bench.dbt_process ARGUMENTS` prints one line of JSON.
"""

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError


@dataclass(frozen=True)
class DbtRun:
    """One invocation of dbt.

    Attributes:
        seconds: Wall time of the invocation, import of dbt not included.
        peak_bytes: Greatest resident memory of the process, import included.
    """

    seconds: float
    peak_bytes: int


def run_dbt(project: Path, *arguments: str, namespace: str = "", threads: int = 4) -> DbtRun:
    """Run dbt on a project that has its profiles.yml beside it, and wait.

    Args:
        arguments: As on dbt's command line, such as `run --select base_payments`.
        namespace: Prefix of all schemas, empty for none.
    Raises: BenchError with dbt's output if it fails. A test that fails is no failure: all warn.
    """
    environment = {
        **os.environ,
        "TRUSTGATE_NAMESPACE": namespace,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    target = project / f"target_{namespace or 'full'}"
    command = [
        *(sys.executable, "-m", "bench.dbt_process", *arguments),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(target), "--threads", str(threads), "--quiet"),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"dbt {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return DbtRun(found["seconds"], found["peak_bytes"])


def main() -> int:
    """Run dbt here with the arguments of this process; 0 where it succeeds."""
    from dbt.cli.main import dbtRunner

    began = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        result = dbtRunner().invoke(sys.argv[1:])
    seconds = time.perf_counter() - began
    if result.exception:
        print(result.exception, file=sys.stderr)
    for node in getattr(result.result, "results", None) or []:
        if str(node.status) in ("error", "skipped", "fail"):
            print(node.node.unique_id, node.status, node.message, file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak_bytes": peak}))
    return 0 if result.success else 1


if __name__ == "__main__":
    raise SystemExit(main())
