#!/usr/bin/env python3
"""RedisGate's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    from redisgate.lib import garbage, logs

    garbage.collect_seldom()
    logs.begin()
    from django.core.management import execute_from_command_line

    from redisgate.lib.env import BadSetting

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        print(f"redisgate: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


if __name__ == "__main__":
    main()
