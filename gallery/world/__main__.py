"""Make the world in the data directory of the environment, and note what it is called."""

import json
import os
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.conf import settings

    from gallery.stage import FACTS
    from gallery.world import making
    from redisgate.supervisor import preparation

    preparation.migrate_database()
    preparation.collect_static()
    told = making.make()
    (Path(settings.DATA_DIR) / FACTS).write_text(json.dumps(told))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()
