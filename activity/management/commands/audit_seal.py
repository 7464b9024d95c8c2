"""Move old events of the audit log into signed files."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from activity import chains
from activity.retention import oldest_kept, sealed_directory
from audit.actors import Actor, Means
from audit.sealing import seal
from redisgate.lib.errors import RedisGateError

FAILED = 1
ACTOR = Actor(user_id=None, label="audit_seal", means=Means.COMMAND)


class Command(BaseCommand):
    help = (
        "Write events older than AUDIT_RETENTION_DAYS to signed files, and only then remove them "
        "from the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="slug or id, or platform; all by default")
        parser.add_argument("--directory", type=Path, help="where files go; DATA_DIR/audit else")

    def handle(
        self, *, organization: str | None, directory: Path | None, **options: object
    ) -> None:
        before = oldest_kept()
        if before is None:
            self.stdout.write("AUDIT_RETENTION_DAYS is 0: events stay for ever, none is sealed.")
            return
        try:
            for chain_id in chains.named(organization):
                sealed = seal(
                    ACTOR, chain_id, before=before, directory=directory or sealed_directory()
                )
                if sealed is not None:
                    count = sealed.last_sequence - sealed.first_sequence + 1
                    self.stdout.write(f"{sealed.file_name}: {count} events")
        except RedisGateError as refusal:
            self.stderr.write(f"redisgate: {refusal}")
            sys.exit(FAILED)
