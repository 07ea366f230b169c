"""Compiled templates of dbt's macros, kept between runs.

dbt compiles the Jinja of each macro again in each process, a fifth of the processor time of a run
that has little to do. Jinja can store what it compiled; dbt does not ask it to.
"""

import contextlib
import marshal
import os
import stat
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any

from runner.errors import OperationalError
from runner.own_files import open_own

MOST_TEMPLATES = 2_000
"""With more than these, only templates of this process are kept."""


@contextlib.contextmanager
def kept_templates(path: Path) -> Iterator[None]:
    """Take compiled macros from a file while dbt works, and add to it what was compiled.

    A file that another user may write, or that was written by another version of Python, Jinja or
    dbt, is not read. Without it, or if it cannot be written, dbt compiles as ever.
    """
    from dbt_common.clients import jinja
    from jinja2.environment import Environment

    environments = getattr(jinja, "MacroFuzzEnvironment", None)
    if environments is None:  # dbt's own class, which another version may call differently
        yield
        return
    kept = _read(path)
    compiled: dict[bytes, CodeType] = {}

    def compile_template(
        self: Environment, source: Any, name: Any = None, filename: Any = None, *others: Any
    ) -> Any:
        is_macro = isinstance(source, str) and "macro " in source and not (name or filename)
        if not is_macro or others:
            return Environment.compile(self, source, name, filename, *others)
        # Two classes of environments generate code of their own.
        key = sha256(f"{type(self).__qualname__}\n{source}".encode()).digest()
        found = kept.get(key)
        code = Environment.compile(self, source) if found is None else found
        compiled[key] = code
        return code

    environments.compile = compile_template
    try:
        yield
    finally:
        del environments.compile
        if compiled.keys() - kept.keys():
            together = kept | compiled
            _write(path, together if len(together) <= MOST_TEMPLATES else compiled)


def _version() -> bytes:
    """What code depends on besides its source."""
    from dbt_common.__about__ import version
    from jinja2.bccache import bc_magic

    return f"{version}\n".encode() + bytes(bc_magic)


def _read(path: Path) -> dict[bytes, CodeType]:
    """Code by the hash of its source, empty if there is none to trust."""
    version = _version()
    if not os.path.lexists(path):
        return {}
    try:
        with os.fdopen(open_own(path, os.O_RDONLY), "rb") as file:
            others_write = os.fstat(file.fileno()).st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            if others_write or file.read(len(version)) != version:
                return {}
            # As Python reads the code of a module that it compiled before.
            templates: dict[bytes, CodeType] = marshal.load(file)  # noqa: S302
            return templates
    except (OperationalError, OSError, EOFError, ValueError, TypeError):
        return {}


def _write(path: Path, templates: dict[bytes, CodeType]) -> None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_version())
                marshal.dump(templates, file)
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
