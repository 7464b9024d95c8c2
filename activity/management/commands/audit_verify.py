"""Check that the audit log is whole, and note where it ends."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from activity import anchors, chains
from activity.retention import sealed_directory
from audit.verifying import Anchor, Verdict, verify
from redisgate.lib.errors import RedisGateError

BROKEN = 1


class Command(BaseCommand):
    help = (
        "Recompute the audit log's hash chains, from the sealed files to the newest event, and say "
        "how many events hold, or the first one that doesn't. Exits with 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="slug or id, or platform; all by default")
        parser.add_argument(
            "--anchors", type=Path, help="write the ends of the chains to this file"
        )
        parser.add_argument("--against", type=Path, help="compare with anchors written earlier")
        parser.add_argument("--directory", type=Path, help="where sealed files are")
        parser.add_argument("--without-files", action="store_true", help="leave sealed files out")

    def handle(self, **options: Any) -> None:
        try:
            verdicts = self._verdicts(**options)
        except RedisGateError as refusal:
            self.stderr.write(f"redisgate: {refusal}")
            sys.exit(BROKEN)
        names = chains.names([each.chain_id for each in verdicts])
        for verdict in verdicts:
            self._say(names[verdict.chain_id], verdict)
        if any(verdict.fault for verdict in verdicts):
            sys.exit(BROKEN)
        if options["anchors"]:
            anchors.write(options["anchors"], [each.head for each in verdicts if each.head])

    def _verdicts(
        self,
        *,
        organization: str | None,
        against: Path | None,
        directory: Path | None,
        without_files: bool,
        **_: object,
    ) -> list[Verdict]:
        known: dict[UUID, Anchor] = anchors.read(against) if against else {}
        files = None if without_files else directory or sealed_directory()
        wanted = set(chains.named(organization))
        if organization is None:
            wanted |= known.keys()  # a chain that is gone altogether is missed by its anchor alone
        return [verify(one, anchor=known.get(one), files=files) for one in sorted(wanted)]

    def _say(self, name: str, verdict: Verdict) -> None:
        if verdict.fault or verdict.head is None:
            self.stdout.write(self.style.ERROR(f"{name}: BROKEN: {verdict.fault}"))
            return
        head, sealed = verdict.head, f", {verdict.sealed} more sealed" if verdict.sealed else ""
        self.stdout.write(
            f"{name}: {verdict.events} events hold{sealed}; ends at {head.sequence} {head.hash}"
        )
