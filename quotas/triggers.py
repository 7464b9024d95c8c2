"""Triggers that keep the counters in ``instance_quotas``, for SQLite and PostgreSQL.

Each write to a counted table updates its organization's one quota row. That UPDATE takes the
row's lock, so writers queue up, and the CHECK constraints of the row refuse the one that goes
too far. A trigger that counted rows instead would let all racing writers through on PostgreSQL.

On SQLite, Django rebuilds a table to alter it, and its triggers are lost. A migration that
alters a counted table must end with the same `keep_count` again, and one that alters
``orgs_organization`` with `make_row_for_each`; the tests of this room fail until it does.
"""

# ruff: noqa: S608  every name in this SQL comes from a migration, never from outside
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.migrations.operations.base import Operation

from redisgate.lib.sql_by_vendor import SQLByVendor

QUOTAS = "instance_quotas"
LIMITS = ("instances_limit", "memory_mb_limit", "api_keys_limit")
ROW_MISSING = f"{QUOTAS}_row_missing"


@dataclass(frozen=True, slots=True)
class Count:
    """What one table uses up, in SQL with ``{row}`` for the row that is written."""

    table: str
    organization: str
    amounts: Mapping[str, str]
    condition: str

    @property
    def organization_of_row(self) -> str:
        return f"{{row}}.{self.organization}"

    @property
    def columns(self) -> list[str]:
        """Name the columns on which the count depends."""
        texts = [self.organization_of_row, self.condition, *self.amounts.values()]
        return sorted({name for text in texts for name in re.findall(r"\{row\}\.(\w+)", text)})

    def change(self, sign: str, row: str) -> str:
        """Write the UPDATE that gives back (``-``) or takes (``+``) what a row uses."""
        changes = ", ".join(
            f"{counter} = {counter} {sign} ({amount})" for counter, amount in self.amounts.items()
        )
        statement = f"UPDATE {QUOTAS} SET {changes} WHERE organization_id = "
        return (statement + self.organization_of_row).format(row=row)

    def when(self, row: str) -> str:
        return f"({self.condition.format(row=row)})"

    def differs(self, comparison: str) -> str:
        return " OR ".join(f"OLD.{name} {comparison} NEW.{name}" for name in self.columns)

    def recount(self) -> str:
        """Write the UPDATE that counts the rows which are there before the triggers are."""
        changes = ", ".join(
            f"{counter} = (SELECT COALESCE(SUM({amount}), 0) FROM {self.table} AS counted "
            f"WHERE {self.organization_of_row} = {QUOTAS}.organization_id AND ({self.condition}))"
            for counter, amount in self.amounts.items()
        )
        return f"UPDATE {QUOTAS} SET {changes}".format(row="counted")

    def forget(self) -> str:
        return f"UPDATE {QUOTAS} SET " + ", ".join(f"{counter} = 0" for counter in self.amounts)


def keep_count(
    *,
    table: str,
    counts: Mapping[str, str],
    while_: str = "TRUE",
    organization_column: str = "organization_id",
) -> list[Operation]:
    """Count a table's rows against their organization's quota.

    ``counts`` maps a counter of `InstanceQuota` to the SQL amount that one row uses, and
    ``while_`` is the SQL condition under which it counts; both say ``{row}.column``.
    """
    count = Count(table, organization_column, counts, while_)
    undo = {"sqlite": _sqlite_drop(count), "postgresql": _postgresql_drop(count)}
    forward = {
        "sqlite": [*undo["sqlite"], count.recount(), *_sqlite_create(count)],
        "postgresql": [*undo["postgresql"], *_postgresql_create(count), count.recount()],
    }
    backward = {vendor: [*drops, count.forget()] for vendor, drops in undo.items()}
    return [SQLByVendor(forward, backward)]


def make_row_for_each(*, table: str) -> list[Operation]:
    """Give each row of the organizations' table its quota row, with the database's defaults."""
    name = f"{table}_quota_row"
    insert = f"INSERT INTO {QUOTAS} (organization_id)"
    missing = f"SELECT id FROM {table} WHERE id NOT IN (SELECT organization_id FROM {QUOTAS})"
    undo = {
        "sqlite": [f"DROP TRIGGER IF EXISTS {name}"],
        "postgresql": [
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"DROP FUNCTION IF EXISTS {name}()",
        ],
    }
    forward = {
        "sqlite": [
            *undo["sqlite"],
            f"CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN {insert} VALUES (NEW.id); END",
            f"{insert} {missing}",
        ],
        "postgresql": [
            *undo["postgresql"],
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {insert} VALUES (NEW.id); RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            f"{insert} {missing}",
        ],
    }
    return [SQLByVendor(forward, undo)]


def begin_with_default_plan() -> list[Operation]:
    """Give each new quota row the plan that organizations begin with, and its limits.

    Without such a plan the row keeps the columns' own defaults.
    """
    name = f"{QUOTAS}_plan"
    undo = {
        "sqlite": [f"DROP TRIGGER IF EXISTS {name}"],
        "postgresql": [
            f"DROP TRIGGER IF EXISTS {name} ON {QUOTAS}",
            f"DROP FUNCTION IF EXISTS {name}()",
        ],
    }
    forward = {
        "sqlite": [*undo["sqlite"], _sqlite_begin(name)],
        "postgresql": [*undo["postgresql"], *_postgresql_begin(name)],
    }
    return [SQLByVendor(forward, undo)]


def _sqlite_begin(name: str) -> str:
    plan = "(SELECT {column} FROM quotas_plan WHERE is_default)"
    columns = ", ".join(f"{each} = {plan.format(column=each)}" for each in LIMITS)
    return (
        f"CREATE TRIGGER {name} AFTER INSERT ON {QUOTAS} WHEN NEW.plan_id IS NULL "
        f"AND EXISTS (SELECT 1 FROM quotas_plan WHERE is_default) BEGIN UPDATE {QUOTAS} "
        f"SET plan_id = {plan.format(column='id')}, {columns} "
        "WHERE organization_id = NEW.organization_id; END"
    )


def _postgresql_begin(name: str) -> list[str]:
    assignments = " ".join(f"NEW.{each} := chosen.{each};" for each in LIMITS)
    # FOR SHARE, so that whoever changes the plan meanwhile changes this row too.
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE chosen quotas_plan%ROWTYPE; BEGIN
            SELECT * INTO chosen FROM quotas_plan WHERE is_default FOR SHARE;
            IF FOUND THEN NEW.plan_id := chosen.id; {assignments} END IF;
            RETURN NEW;
        END $$""",
        f"CREATE TRIGGER {name} BEFORE INSERT ON {QUOTAS} FOR EACH ROW "
        f"WHEN (NEW.plan_id IS NULL) EXECUTE FUNCTION {name}()",
    ]


def _sqlite_create(count: Count) -> list[str]:
    table = count.table
    return [
        f"CREATE TRIGGER {table}_quota_insert AFTER INSERT ON {table} "
        f"WHEN {count.when('NEW')} BEGIN {_sqlite_take(count)} END",
        f"CREATE TRIGGER {table}_quota_delete AFTER DELETE ON {table} "
        f"WHEN {count.when('OLD')} BEGIN {count.change('-', 'OLD')}; END",
        # Giving back comes first, so that a change which frees room is never refused.
        f"CREATE TRIGGER {table}_quota_update AFTER UPDATE OF {', '.join(count.columns)} "
        f"ON {table} WHEN {count.differs('IS NOT')} BEGIN "
        f"{count.change('-', 'OLD')} AND {count.when('OLD')}; "
        f"{_sqlite_take(count, ' AND ' + count.when('NEW'))} END",
    ]


def _sqlite_take(count: Count, condition: str = "") -> str:
    organization = count.organization_of_row.format(row="NEW")
    return (
        f"SELECT RAISE(ABORT, '{ROW_MISSING}') WHERE NOT EXISTS "
        f"(SELECT 1 FROM {QUOTAS} WHERE organization_id = {organization}); "
        f"{count.change('+', 'NEW')}{condition};"
    )


def _sqlite_drop(count: Count) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {count.table}_quota_{event}"
        for event in ("insert", "delete", "update")
    ]


def _postgresql_create(count: Count) -> list[str]:
    table = count.table
    run = f"FOR EACH ROW EXECUTE FUNCTION {table}_quota()"
    return [
        f"""CREATE FUNCTION {table}_quota() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP <> 'INSERT' THEN IF {count.when("OLD")} THEN
                {count.change("-", "OLD")};
            END IF; END IF;
            IF TG_OP <> 'DELETE' THEN IF {count.when("NEW")} THEN
                {count.change("+", "NEW")};
                IF NOT FOUND THEN
                    RAISE integrity_constraint_violation USING MESSAGE = '{ROW_MISSING}';
                END IF;
            END IF; END IF;
            RETURN NULL;
        END $$""",
        f"CREATE TRIGGER {table}_quota_rows AFTER INSERT OR DELETE ON {table} {run}",
        f"CREATE TRIGGER {table}_quota_update AFTER UPDATE OF {', '.join(count.columns)} "
        f"ON {table} FOR EACH ROW WHEN ({count.differs('IS DISTINCT FROM')}) "
        f"EXECUTE FUNCTION {table}_quota()",
    ]


def _postgresql_drop(count: Count) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {count.table}_quota_rows ON {count.table}",
        f"DROP TRIGGER IF EXISTS {count.table}_quota_update ON {count.table}",
        f"DROP FUNCTION IF EXISTS {count.table}_quota()",
    ]
