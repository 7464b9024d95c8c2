"""Triggers that make the audit log append-only, for SQLite and PostgreSQL.

An event can't be changed, and removed only where both hold: a seal (a row of
``audit_auditseal``) covers it, and this very transaction has put the secret of ``audit_lock``
into ``audit_opening``. The database knows that secret by its digest alone, so neither a bug nor
a statement smuggled into one of ours can open it. See docs/adr/0027.

On SQLite, Django rebuilds a table to alter it, and its triggers are lost. A migration that
alters one of these tables must end with `append_only` again; the tests of this room fail until
it does.
"""

# ruff: noqa: S608  every name in this SQL is a constant
from django.db.migrations.operations.base import Operation

from redisgate.lib.sql_by_vendor import SQLByVendor

EVENTS, CHAINS, SEALS = "audit_auditevent", "audit_auditchain", "audit_auditseal"
LOCK, OPENING = "audit_lock", "audit_opening"
REFUSED = "audit_append_only"

_PLATFORM = "00000000000000000000000000000000"
_LOCK_TABLES = [
    f"CREATE TABLE {LOCK} (id smallint PRIMARY KEY CHECK (id = 1), "
    "digest varchar(64) NOT NULL, secret text NOT NULL)",
    f"CREATE TABLE {OPENING} (secret text NOT NULL)",
]
_DROP_LOCK_TABLES = [f"DROP TABLE {OPENING}", f"DROP TABLE {LOCK}"]


def lock_tables() -> list[Operation]:
    """Make the tables that no flush empties."""
    forward = {"sqlite": _LOCK_TABLES, "postgresql": _LOCK_TABLES}
    backward = {"sqlite": _DROP_LOCK_TABLES, "postgresql": _DROP_LOCK_TABLES}
    return [SQLByVendor(forward, backward)]


def append_only() -> list[Operation]:
    """Refuse what isn't an addition."""
    forward = {
        "sqlite": [*_SQLITE_DROP, *_SQLITE_CREATE],
        "postgresql": [*_POSTGRESQL_DROP, *_POSTGRESQL_CREATE],
    }
    return [SQLByVendor(forward, {"sqlite": _SQLITE_DROP, "postgresql": _POSTGRESQL_DROP})]


def _sqlite(name: str, when: str, condition: str = "TRUE") -> str:
    return (
        f"CREATE TRIGGER audit_{name} BEFORE {when} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


_SQLITE_MAY_GO = (
    f"EXISTS (SELECT 1 FROM {OPENING} o, {LOCK} l WHERE SHA256(o.secret) = l.digest) "
    f"AND EXISTS (SELECT 1 FROM {SEALS} s WHERE OLD.sequence <= s.last_sequence "
    f"AND s.chain_id = COALESCE(OLD.organization_id, '{_PLATFORM}'))"
)
_SQLITE_CREATE = [
    _sqlite("events_stay", f"DELETE ON {EVENTS}", f"NOT ({_SQLITE_MAY_GO})"),
    _sqlite("events_keep", f"UPDATE ON {EVENTS}"),
    # REPLACE removes a row without any DELETE trigger, so it is stopped on its way in.
    _sqlite(
        "events_add",
        f"INSERT ON {EVENTS}",
        f"EXISTS (SELECT 1 FROM {EVENTS} e WHERE e.id = NEW.id OR e.rowid = NEW.rowid "
        "OR (e.organization_id = NEW.organization_id AND e.sequence = NEW.sequence)) "
        f"OR (NEW.organization_id IS NULL AND EXISTS (SELECT 1 FROM {EVENTS} e "
        "WHERE e.organization_id IS NULL AND e.sequence = NEW.sequence))",
    ),
    _sqlite("heads_stay", f"DELETE ON {CHAINS}"),
    _sqlite(
        "heads_grow",
        f"UPDATE ON {CHAINS}",
        "NEW.id <> OLD.id OR NEW.sequence <> OLD.sequence + 1",
    ),
    _sqlite(
        "heads_add",
        f"INSERT ON {CHAINS}",
        f"EXISTS (SELECT 1 FROM {CHAINS} c WHERE c.id = NEW.id OR c.rowid = NEW.rowid)",
    ),
    _sqlite("seals_stay", f"DELETE ON {SEALS}"),
    _sqlite("seals_keep", f"UPDATE ON {SEALS}"),
    _sqlite(
        "seals_add",
        f"INSERT ON {SEALS}",
        f"NOT EXISTS (SELECT 1 FROM {OPENING} o, {LOCK} l WHERE SHA256(o.secret) = l.digest) "
        f"OR EXISTS (SELECT 1 FROM {SEALS} s WHERE s.id = NEW.id OR s.rowid = NEW.rowid "
        "OR (s.chain_id = NEW.chain_id AND s.last_sequence = NEW.last_sequence))",
    ),
    _sqlite("lock_stays", f"DELETE ON {LOCK}"),
    _sqlite("lock_keeps", f"UPDATE OF id, digest ON {LOCK}"),
    _sqlite("lock_once", f"INSERT ON {LOCK}", f"EXISTS (SELECT 1 FROM {LOCK})"),
]
_SQLITE_DROP = [f"DROP TRIGGER IF EXISTS {statement.split()[2]}" for statement in _SQLITE_CREATE]


def _function(name: str, condition: str = "FALSE", passes: str = "NEW") -> list[str]:
    """Write a trigger function that lets a row pass where the condition holds."""
    return [
        f"CREATE FUNCTION audit_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RETURN {passes}; END IF; "
        f"RAISE integrity_constraint_violation USING MESSAGE = '{REFUSED}'; END $$",
        # Else a temporary table of the same name would stand in for ours.
        "DO $$ BEGIN EXECUTE format('ALTER FUNCTION "
        f"audit_{name}() SET search_path = %I, pg_temp', current_schema()); END $$",
    ]


def _postgresql(name: str, when: str, function: str, *, each: str = "ROW") -> str:
    return (
        f"CREATE TRIGGER audit_{name} BEFORE {when} FOR EACH {each} "
        f"EXECUTE FUNCTION audit_{function}()"
    )


_IS_OPEN = (
    f"EXISTS (SELECT 1 FROM {OPENING} o, {LOCK} l "
    "WHERE encode(sha256(convert_to(o.secret, 'UTF8')), 'hex') = l.digest)"
)
_FUNCTIONS = {
    "refuse": _function("refuse"),
    "may_go": _function(
        "may_go",
        f"{_IS_OPEN} AND EXISTS (SELECT 1 FROM {SEALS} s WHERE OLD.sequence <= s.last_sequence "
        f"AND s.chain_id = COALESCE(OLD.organization_id, '{_PLATFORM}'::uuid))",
        passes="OLD",
    ),
    "may_seal": _function("may_seal", _IS_OPEN),
    "grows": _function("grows", "NEW.id = OLD.id AND NEW.sequence = OLD.sequence + 1"),
    "is_first": _function("is_first", f"NOT EXISTS (SELECT 1 FROM {LOCK})"),
}
_POSTGRESQL_TRIGGERS = {
    EVENTS: {
        "events_stay": ("DELETE", "may_go"),
        "events_keep": ("UPDATE", "refuse"),
    },
    CHAINS: {"heads_stay": ("DELETE", "refuse"), "heads_grow": ("UPDATE", "grows")},
    SEALS: {
        "seals_stay": ("DELETE OR UPDATE", "refuse"),
        "seals_add": ("INSERT", "may_seal"),
    },
    LOCK: {
        "lock_stays": ("DELETE OR UPDATE OF id, digest", "refuse"),
        "lock_once": ("INSERT", "is_first"),
    },
}
_POSTGRESQL_CREATE = [
    *[statement for function in _FUNCTIONS.values() for statement in function],
    *[
        _postgresql(name, f"{event} ON {table}", function)
        for table, triggers in _POSTGRESQL_TRIGGERS.items()
        for name, (event, function) in triggers.items()
    ],
    *[
        _postgresql(f"whole_{table}", f"TRUNCATE ON {table}", "refuse", each="STATEMENT")
        for table in _POSTGRESQL_TRIGGERS
    ],
]
_POSTGRESQL_DROP = [
    f"DROP FUNCTION IF EXISTS audit_{name}() CASCADE" for name in _FUNCTIONS
]  # their triggers with them
