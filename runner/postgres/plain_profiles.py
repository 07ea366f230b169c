"""Read a profiles.yml of the usual form without dbt.

Importing dbt takes more than a second, for each command. Plain values are read here as dbt reads
them; everything else, and every mistake, is left to dbt.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runner.postgres.profiles import SSL_NAMES, Profile, profile_of

DEFAULT_TARGET = "default"
DEFAULT_THREADS = 1
ALIASES = {"dbname": "database", "pass": "password"}
PREFIX_OF_SECRETS = "DBT_ENV_SECRET"
JINJA = re.compile(r"[{][{%#]|[#}%][}]")
ENVIRONMENT_VARIABLE = re.compile(
    r"""\{\{\ *env_var\(\ *
        (?P<quote>['"])(?P<name>\w+)(?P=quote)
        (?:\ *,\ *(?P<other_quote>['"])(?P<default>[^'"\\{}]*)(?P=other_quote))?
        \ *\)\ *(?:\|\ *(?P<filter>as_number|as_text)\ *)?\}\}""",
    re.VERBOSE | re.ASCII,
)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


REQUIRED = ("host", "port", "user", "password", "database", "schema")
SETTINGS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("type", "host", "user", "password", "database", "schema"), _is_text),
    **dict.fromkeys(("role", "search_path", "application_name", *SSL_NAMES), _is_text),
    **dict.fromkeys(("port", "threads", "connect_timeout"), _is_number),
    **dict.fromkeys(("keepalives_idle", "retries"), _is_number),
    "autocommit": lambda value: isinstance(value, bool),
}
"""Settings of a target, each with the test of its type."""


class _NotPlainError(Exception):
    """Only dbt can read the value, or say what is wrong with it."""


def read_plain_profile(directory: Path, name: str, target: str | None) -> Profile | None:
    """A target of profiles.yml, None if only dbt can read it.

    A plain value has no Jinja, or is a single `env_var` with a name, an optional default, and an
    optional `as_number` or `as_text`.

    Args:
        directory: Where the profiles.yml is.
        name: The profile's name.
        target: Target to take, None for the profile's default.
    """
    import yaml

    try:
        content = yaml.safe_load((directory / "profiles.yml").read_text(encoding="utf-8"))
        profile = content[name]
        chosen = target or _value(profile.get("target", DEFAULT_TARGET))
        written = profile["outputs"][chosen]
        given = {ALIASES.get(key, key): _value(value) for key, value in written.items()}
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError, AttributeError):
        return None
    except _NotPlainError:
        return None
    is_plain = (
        isinstance(chosen, str)
        and given.get("type") == "postgres"
        # dbt refuses a setting that is given under two names.
        and len(given) == len(written)
        and all(setting in given for setting in REQUIRED)
        and all(
            setting in SETTINGS and SETTINGS[setting](value) for setting, value in given.items()
        )
    )
    if not is_plain:
        return None
    return profile_of(directory, chosen, given.get("threads", DEFAULT_THREADS), given)


def _value(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    # Jinja decides about line ends, and dbt about secrets within a text.
    if "\n" in written or "\r" in written:
        raise _NotPlainError
    if not JINJA.search(written):
        if PREFIX_OF_SECRETS in written:
            raise _NotPlainError
        return written
    variable = ENVIRONMENT_VARIABLE.fullmatch(written)
    if variable is None:
        raise _NotPlainError
    value = os.environ.get(variable["name"], variable["default"])
    if value is None or PREFIX_OF_SECRETS in value:
        raise _NotPlainError
    if variable["filter"] != "as_number":
        return value
    is_secret = variable["name"].startswith(PREFIX_OF_SECRETS)
    if is_secret or not re.fullmatch("0|[1-9][0-9]{0,8}", value):
        raise _NotPlainError
    return int(value)
