"""Three roles with the rights they need: owner, operator and viewer.

The owner runs and loads. The operator writes the tables of users only, and of these only what a
user may change: events are added, a suppression is revoked, and nothing is rewritten. The viewer
reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from runner.postgres.database import Database, explained

SCHEMAS = ("landing", "raw", "staging", "candidate", "quality", "marts")


@dataclass(frozen=True)
class Roles:
    """Names of the roles."""

    owner: str = "trustgate_owner"
    operator: str = "trustgate_operator"
    viewer: str = "trustgate_viewer"


@dataclass(frozen=True)
class Write:
    """What an operator may do to a table of schema quality.

    Attributes:
        purpose: What it is for.
        inserts: Whether rows may be added.
        updates: Columns that may be changed.
    """

    table: str
    purpose: str
    inserts: bool
    updates: tuple[str, ...] = ()


WORK = (
    *("status", "episode", "accepted_details", "assigned_to", "resolution_action"),
    *("resolution_notes", "investigation_notes", "investigated_by", "investigated_at"),
    *("resolved_by", "resolved_at", "blocked", "block_reason", "max_retries", "updated_at"),
    *("updated_by", "retry_requested_at", "version"),
)
LOGGED = (
    *("batch_id", "exception_type", "severity", "source_layer", "source_table", "message"),
    *("details", "logged_by", "occurrences", "episode", "opened_at", "last_logged_at"),
)
WRITES = (
    Write("exception_work", "work exceptions", True, WORK),
    Write("exception_events", "work exceptions", True),
    Write("logged_exceptions", "log exceptions", True, LOGGED),
    Write("suppressions", "suppress failures", True, ("revoked_at", "revoked_by")),
    Write("corrections", "correct values", True, ("reverted_at", "reverted_by")),
    Write("reprocess_requests", "request reprocessing", True),
    Write(
        "batches",
        "release and reject batches",
        False,
        ("status", "decision_reason", "decided_by", "decided_at"),
    ),
)

_ROLE = """
do $role$
begin
    if not exists (select from pg_roles where rolname = {text}) then
        create role {role} nologin;
    end if;
end
$role$"""
_SCHEMA = """
do $schema$
begin
    -- `create schema if not exists` needs the right to create one even where it exists.
    if to_regnamespace({text}) is null then
        create schema {schema};
    end if;
end
$schema$"""
_MEMBER = """
do $member$
begin
    -- Who hands objects over to a role must be a member of it.
    if not pg_has_role(current_user, {text}, 'usage') then
        execute format('grant %I to %I', {text}, current_user);
    end if;
end
$member$"""
_HAND_OVER = """
do $owner$
declare
    command text;
begin
    for command in
        select format('alter schema %I owner to %I', nspname, {text})
        from pg_namespace
        where nspname = any({schemas}) and not nspowner = {text}::regrole
        union all
        select format(
            'alter %s %s owner to %I',
            case relkind when 'v' then 'view' when 'm' then 'materialized view'
                when 'S' then 'sequence' else 'table' end,
            oid::regclass, {text}
        )
        from pg_class
        where
            relnamespace = any({schemas}::regnamespace[])
            and relkind in ('r', 'p', 'v', 'm', 'S')
            and not relowner = {text}::regrole
            -- The sequence of a column follows its table.
            and not exists (
                select from pg_depend
                where classid = 'pg_class'::regclass and objid = pg_class.oid
                    and deptype in ('a', 'i') and refobjsubid > 0
            )
        union all
        select format('alter routine %s owner to %I', oid::regprocedure, {text})
        from pg_proc
        where pronamespace = any({schemas}::regnamespace[]) and not proowner = {text}::regrole
    loop
        execute command;
    end loop;
end
$owner$"""
_WRITE = """
do $write$
begin
    if to_regclass({text}) is not null then
        {grants}
    end if;
end
$write$"""


def grant_statements(database: Database, roles: Roles) -> list[sql.Composed]:
    """Statements that create the roles and set exactly their rights; they may run again.

    Tables that do not exist yet get the rights to read by default privileges, those to write when
    the statements run again.
    """
    schemas = [database.project.schema(name) for name in SCHEMAS]
    names = sql.SQL(", ").join(map(sql.Identifier, schemas))
    owner, readers = roles.owner, (roles.operator, roles.viewer)
    listed = sql.SQL(", ").join(map(sql.Identifier, readers))
    here = sql.Identifier(database.connection.info.dbname)
    values = {
        "text": sql.Literal(owner),
        "schemas": sql.SQL("array[{}]::text[]").format(
            sql.SQL(", ").join(map(sql.Literal, schemas))
        ),
    }
    found = [_named(_ROLE, role) for role in (owner, *readers)]
    found += [
        sql.SQL("grant connect, create, temporary on database {} to {}").format(
            here, sql.Identifier(owner)
        ),
        sql.SQL("grant connect, temporary on database {} to {}").format(here, listed),
        *(
            sql.SQL(_SCHEMA).format(text=sql.Literal(name), schema=sql.Identifier(name))
            for name in schemas
        ),
        sql.SQL(_MEMBER).format(text=sql.Literal(owner)),
        sql.SQL(_HAND_OVER).format(**values),
        sql.SQL("revoke all on schema {} from {}").format(names, listed),
        sql.SQL("revoke all on all tables in schema {} from {}").format(names, listed),
        sql.SQL("revoke all on all sequences in schema {} from {}").format(names, listed),
        sql.SQL("grant usage on schema {} to {}").format(names, listed),
        sql.SQL("grant select on all tables in schema {} to {}").format(names, listed),
        sql.SQL(
            "alter default privileges for role {} in schema {} grant select on tables to {}"
        ).format(sql.Identifier(owner), names, listed),
    ]
    return found + [_write(database, write, roles.operator) for write in WRITES]


def _named(template: str, role: str) -> sql.Composed:
    return sql.SQL(template).format(text=sql.Literal(role), role=sql.Identifier(role))


def _write(database: Database, write: Write, operator: str) -> sql.Composed:
    relation = database.relation(f"quality.{write.table}")
    role = sql.Identifier(operator)
    grants = []
    if write.inserts:
        grants.append(sql.SQL("grant insert on {} to {};").format(relation, role))
    if write.updates:
        columns = sql.SQL(", ").join(map(sql.Identifier, write.updates))
        grants.append(sql.SQL("grant update ({}) on {} to {};").format(columns, relation, role))
    return sql.SQL(_WRITE).format(
        text=sql.Literal(f'"{database.project.schema("quality")}"."{write.table}"'),
        grants=sql.SQL("\n        ").join(grants),
    )


def apply_grants(database: Database, statements: Sequence[sql.Composed]) -> None:
    """Run the statements in one transaction."""
    with explained(), database.connection.transaction():
        for statement in statements:
            database.connection.execute(statement)


def missing_to_read(database: Database) -> list[str]:
    """Relations of the project that the user may not read."""
    rows = database.rows(
        "select oid::regclass::text as name from pg_class"
        " where relnamespace = any(array(select oid from pg_namespace where nspname = any(%s)))"
        " and relkind in ('r', 'p', 'v', 'm') and not (has_table_privilege(oid, 'select')"
        " and has_schema_privilege(relnamespace, 'usage')) order by 1",
        [[database.project.schema(name) for name in SCHEMAS]],
    )
    return [str(row["name"]) for row in rows]


def missing_to_work(database: Database) -> list[str]:
    """Rights that the user lacks to write the tables of users, each with what it is for."""
    found = []
    for write in WRITES:
        relation = f"{database.project.schema('quality')}.{write.table}"
        row = database.row(
            "select has_table_privilege(oid, 'insert') as inserts, array(select name from"
            " unnest(%(columns)s::text[]) as name"
            " where not has_column_privilege(pg_class.oid, name, 'update')) as columns"
            " from pg_class where oid = to_regclass(%(relation)s)",
            {"relation": relation, "columns": list(write.updates)},
        )
        if row is None:
            continue
        if write.inserts and not row["inserts"]:
            found.append(f"insert on {relation} ({write.purpose})")
        if row["columns"]:
            found.append(f"update of {', '.join(row['columns'])} on {relation} ({write.purpose})")
    return found
