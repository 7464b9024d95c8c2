"""Make the world in the data directory of the environment, and note what it is called."""

import json
import os
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.conf import settings

    from gallery.stage import FACTS, PAPERS
    from gallery.world import making, papers
    from orgs.models import Organization
    from redisgate.supervisor import preparation

    preparation.migrate_database()
    preparation.collect_static()
    told = making.make()
    acme = Organization.objects.get(slug=told["facts"]["acme"])
    papers.draw(Path(settings.DATA_DIR) / PAPERS, acme)
    (Path(settings.DATA_DIR) / FACTS).write_text(json.dumps(told))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()
