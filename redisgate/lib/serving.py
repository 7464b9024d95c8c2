"""Commands that start a part of the platform. They look at their settings before."""

import sys
from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections

SETTINGS, KEYS = "redisgate", "redisgate_keys"
"""Tags of checks: those that look at settings alone, and those that ask the database."""

REFUSED = 1


class ServingCommand(BaseCommand):
    """Refuse what is unsafe with one line, and say once what is hardly meant.

    `up` does it for the processes that it starts, and gives them ``--skip-checks``.
    """

    requires_system_checks: tuple[str, ...] = (SETTINGS, KEYS)

    def check(self, *_: Any, tags: Sequence[str] | None = None, **__: Any) -> None:
        found = checks.run_checks(tags=tags, databases=[DEFAULT_DB_ALIAS])
        connections.close_all()  # whoever forks must not share one
        said = [each for each in found if not each.is_silenced()]
        errors = [each for each in said if each.is_serious()]
        for each in errors or said:
            kind = "" if each.is_serious() else "warning: "
            self.stderr.write(f"redisgate: {kind}{each.msg} {each.hint} ({each.id})")
        if errors:
            sys.exit(REFUSED)
