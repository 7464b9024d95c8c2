"""The image holds what runs, and nothing else."""

import re
from pathlib import Path

from django.apps import apps

from tests.deploy import facts
from tests.platform import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]
LET_IN = {
    line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
}


def test_every_room_is_in_the_image() -> None:
    places = [Path(each.path) for each in apps.get_app_configs()]
    rooms = {place.relative_to(ROOT).parts[0] for place in places if place.is_relative_to(ROOT)}
    # Those of the installed packages are below .venv.
    rooms.discard(".venv")
    assert rooms | {"redisgate", "templates", "static", "manage.py"} <= LET_IN


def test_nobody_is_root_in_it() -> None:
    assert "USER 10001:10001" in LAST_STAGE
    assert "--uid 10001" in LAST_STAGE


def test_packages_need_hashes() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "--only-binary :all:" in DOCKERFILE


def test_packages_of_the_extras_can_be_let_in() -> None:
    copied = re.search(r"^COPY (requirements.*) \./$", DOCKERFILE, re.MULTILINE)
    assert copied is not None
    extras = {path.name for path in ROOT.glob("requirements*.txt")} - {"requirements-dev.txt"}
    assert set(copied.group(1).split()) == extras
    assert extras <= LET_IN


def test_variables_of_the_image_are_settings() -> None:
    environment = re.search(r"^ENV (.*(?:\\\n.*)*)", LAST_STAGE, re.MULTILINE)
    assert environment is not None
    names = set(re.findall(r"([A-Z_]+)=", environment.group(1)))
    assert facts.unknown(names - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}) == set()


def test_it_serves_unless_told_otherwise_and_says_whether_it_lives() -> None:
    assert 'CMD ["web"]' in LAST_STAGE
    assert 'ENTRYPOINT ["python", "manage.py"]' in LAST_STAGE
    probe = re.search(r'CMD \["python", "(.*)", "live"\]', LAST_STAGE)
    assert probe is not None
    assert (ROOT / Path(probe.group(1))).exists()
    assert "STOPSIGNAL SIGTERM" in LAST_STAGE
