"""Write the pages that are made from the code, or check what the docs say of it."""

import os
import sys

import django

USAGE = "python -m handbook references | check"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    django.setup()
    from handbook import checks, references

    match arguments:
        case ["references"]:
            lines = [f"written: {path}" for path in references.write()]
        case ["check"]:
            lines = checks.complaints()
        case _:
            lines = [USAGE]
    print("\n".join(lines), file=sys.stderr if arguments != ["references"] else sys.stdout)
    return 1 if lines and arguments != ["references"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
