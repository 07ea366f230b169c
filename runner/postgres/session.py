"""Settings of a session that change what a value or a statement means, the same in each session.

A role, a database, postgresql.conf or the environment may set them differently. The package sets
the same ones in the transactions of dbt (`package/macros/sql/pinned_settings.sql`).
"""

from __future__ import annotations

import psycopg
from psycopg.rows import DictRow

PINNED = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
}
OWN = {
    # JIT compilation of a query on the gate takes seconds and saves none.
    "jit": "off",
    # The session that holds the lock of a run is idle while dbt works.
    "idle_session_timeout": "0",
}
"""Settings of the runner's own sessions, which change no value."""
ENVIRONMENT = {"PGCLIENTENCODING": "UTF8", "PGTZ": "UTC", "PGDATESTYLE": "ISO, MDY"}
"""Variables that libpq sends when dbt connects. They reach tests and models of users too; poolers
accept these three, and refuse PGOPTIONS, which could set all."""
SYSTEM_SCHEMAS = ("pg_catalog", "pg_temp")
"""Schemas that are searched first unless the search path names them."""

_SET = """
    select set_config(name, setting, false)
    from unnest(%(names)s::text[], %(settings)s::text[]) as pinned (name, setting)
    union all
    select set_config('search_path', (
        select coalesce(string_agg(part, ',' order by number), '')
        from unnest(string_to_array(coalesce(%(path)s, current_setting('search_path')), ','))
            with ordinality as parts (part, number)
        where lower(btrim(part, ' "')) <> all(%(system)s)
    ), false)
"""
_FOUND = """
    select
        settings.name,
        coalesce(declared.setting, settings.reset_val) as setting,
        declared.place
    from pg_settings as settings
    left join lateral (
        select
            split_part(entry, '=', 1) as name,
            substr(entry, strpos(entry, '=') + 1) as setting,
            case when setrole <> 0 then 'role ' || setrole::regrole::text
                else 'database ' || current_database() end as place
        from pg_db_role_setting
        cross join lateral unnest(setconfig) as entry
        where
            setdatabase in (0, (select oid from pg_database where datname = current_database()))
            and setrole in (0, session_user::regrole::oid)
            and lower(split_part(entry, '=', 1)) = lower(settings.name)
        order by setrole <> 0 desc, setdatabase <> 0 desc
        limit 1
    ) as declared on true
    where lower(settings.name) = any(%s)
    order by lower(settings.name)
"""


def pin(connection: psycopg.Connection[DictRow], search_path: str | None) -> None:
    """Set PINNED and OWN for the session, in one statement.

    Args:
        search_path: Search path of the profile, None for that of the role, database or server.
    """
    settings = {**PINNED, **OWN}
    connection.execute(
        _SET,
        {
            "names": list(settings),
            "settings": list(settings.values()),
            "path": search_path or None,
            "system": list(SYSTEM_SCHEMAS),
        },
    )


def set_differently(connection: psycopg.Connection[DictRow]) -> dict[str, str]:
    """What a role or a database sets differently, by the name of the setting.

    Returns: Text such as `'German, DMY' by database shop`.
    """
    names = [name.lower() for name in (*PINNED, "client_encoding", "search_path")]
    return {
        row["name"]: f"'{row['setting']}' by {row['place']}"
        for row in connection.execute(_FOUND, [names])
        if row["place"] and _differs(row["name"], row["setting"])
    }


def _differs(name: str, setting: str) -> bool:
    if name == "search_path":
        parts = [part.strip(' "').lower() for part in setting.split(",")]
        return any(part in SYSTEM_SCHEMAS for part in parts[1:])
    expected = {**{one.lower(): value for one, value in PINNED.items()}, "client_encoding": "UTF8"}
    return _plain(setting) != _plain(expected[name.lower()])


def _plain(setting: str) -> str:
    """Without what PostgreSQL does not distinguish: case, blanks and hyphens."""
    return "".join(setting.lower().split()).replace("-", "")
