"""Commands that start a part of the platform. They look at their settings before."""

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from django.core import checks
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections

from redisgate.lib import database_refusal, direct_database, migrations, saying
from redisgate.lib.errors import Unavailable

SETTINGS, KEYS = "redisgate", "redisgate_keys"
"""Tags of checks: those that look at settings alone, and those that ask the database."""

REFUSED = 1


class ServingCommand(BaseCommand):
    """Refuse what is unsafe with one line, and say once what is hardly meant.

    `up` does it for the processes that it starts, and gives them ``--skip-checks``.
    """

    requires_system_checks: tuple[str, ...] = (SETTINGS, KEYS)

    def refuse(self, reason: str) -> NoReturn:
        saying.refuse(reason, sys.stderr)
        sys.exit(REFUSED)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except database_refusal.AWAY as error:
            self.refuse(f"{direct_database.complaint(error)}, then start again.")
        except Unavailable as error:
            self.refuse(error.message)

    def check(self, *_: Any, tags: Sequence[str] | None = None, **__: Any) -> None:
        """Look at the settings and, where the tags have KEYS and the database answers, at both."""
        self._judge(checks.run_checks(tags=[SETTINGS]))
        if tags and KEYS in tags and self._has_database():
            self.check_keys()

    def check_keys(self) -> None:
        """Refuse keys that don't open what the database holds."""
        found = checks.run_checks(tags=[KEYS], databases=[DEFAULT_DB_ALIAS])
        connections.close_all()  # whoever forks must not share one
        self._judge(found)

    def _judge(self, found: Sequence[checks.CheckMessage]) -> None:
        said = [each for each in found if not each.is_silenced()]
        errors = [each for each in said if each.is_serious()]
        for each in errors or said:
            tell = saying.refuse if each.is_serious() else saying.warn
            tell(f"{each.msg} {each.hint} ({each.id})", sys.stderr)
        if errors:
            sys.exit(REFUSED)

    def _has_database(self) -> bool:
        """Refuse one of an older version; one that is away may be back before the next start."""
        try:
            is_behind = migrations.is_behind()
        except database_refusal.AWAY as error:
            saying.warn(f"The database is away: {direct_database.reason(error)}.", sys.stderr)
            return False
        if is_behind:
            self.refuse("The database is older than this version: run `manage.py migrate` first.")
        return True
