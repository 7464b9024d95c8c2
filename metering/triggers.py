"""Triggers that write down when instances run, and with how much memory.

Whoever moves an instance, by whatever code and in whatever process, moves it in the database: so
no interval is lost and none is made up, and a restart of the platform is nothing to them.

On SQLite, Django rebuilds a table to alter it, and its triggers are lost. A migration that
rebuilds ``instances_instance`` needs one of this room after it with `keep_intervals` again; a
test of this room fails until it is there.
"""

# ruff: noqa: S608  every name in this SQL is ours
from django.db.migrations.operations.base import Operation

from redisgate.lib.sql_by_vendor import SQLByVendor

TABLE, INTERVALS = "instances_instance", "metering_interval"
NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
}
MEASURED = ("status", "memory_mb", "organization_id")


def keep_intervals() -> list[Operation]:
    """Begin to write intervals, and open one for each instance that runs already."""
    undo = {"sqlite": _sqlite_drop(), "postgresql": _postgresql_drop()}
    forward = {
        "sqlite": [*undo["sqlite"], *_sqlite_create(), _open_missing("sqlite")],
        "postgresql": [*undo["postgresql"], *_postgresql_create(), _open_missing("postgresql")],
    }
    return [SQLByVendor(forward, undo)]


def _close(vendor: str, row: str) -> str:
    return (
        f"UPDATE {INTERVALS} SET ended_at = {NOW[vendor]} "
        f"WHERE instance_id = {row}.id AND ended_at IS NULL"
    )


def _open(vendor: str, source: str, row: str = "NEW") -> str:
    return (
        f"INSERT INTO {INTERVALS} "
        "(organization_id, instance_id, instance_name, memory_mb, started_at) "
        f"SELECT {row}.organization_id, {row}.id, {row}.name, {row}.memory_mb, {NOW[vendor]} "
        f"{source} WHERE {row}.status = 'running'"
    )


def _open_missing(vendor: str) -> str:
    known = f"SELECT instance_id FROM {INTERVALS} WHERE ended_at IS NULL"
    return f"{_open(vendor, f'FROM {TABLE}', TABLE)} AND {TABLE}.id NOT IN ({known})"


def _differs(comparison: str) -> str:
    return " OR ".join(f"OLD.{name} {comparison} NEW.{name}" for name in MEASURED)


def _sqlite_create() -> list[str]:
    begin, end = _open("sqlite", ""), _close("sqlite", "OLD")
    return [
        f"CREATE TRIGGER {TABLE}_meter_insert AFTER INSERT ON {TABLE} BEGIN {begin}; END",
        f"CREATE TRIGGER {TABLE}_meter_update AFTER UPDATE OF {', '.join(MEASURED)} ON {TABLE} "
        f"WHEN {_differs('IS NOT')} BEGIN {end}; {begin}; END",
        f"CREATE TRIGGER {TABLE}_meter_delete AFTER DELETE ON {TABLE} BEGIN {end}; END",
    ]


def _sqlite_drop() -> list[str]:
    events = ("insert", "update", "delete")
    return [f"DROP TRIGGER IF EXISTS {TABLE}_meter_{event}" for event in events]


def _postgresql_create() -> list[str]:
    run = f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_meter()"
    return [
        f"""CREATE FUNCTION {TABLE}_meter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP <> 'INSERT' THEN {_close("postgresql", "OLD")}; END IF;
            IF TG_OP <> 'DELETE' THEN {_open("postgresql", "")}; END IF;
            RETURN NULL;
        END $$""",
        f"CREATE TRIGGER {TABLE}_meter_rows AFTER INSERT OR DELETE ON {TABLE} {run}",
        f"CREATE TRIGGER {TABLE}_meter_update AFTER UPDATE OF {', '.join(MEASURED)} ON {TABLE} "
        f"FOR EACH ROW WHEN ({_differs('IS DISTINCT FROM')}) EXECUTE FUNCTION {TABLE}_meter()",
    ]


def _postgresql_drop() -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {TABLE}_meter_rows ON {TABLE}",
        f"DROP TRIGGER IF EXISTS {TABLE}_meter_update ON {TABLE}",
        f"DROP FUNCTION IF EXISTS {TABLE}_meter()",
    ]
