"""The documentation says what the code says, and leads nowhere that isn't there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.errors import AddressNotAllowed, CircuitOpen, CommandRefused
from handbook import (
    blocks,
    checks,
    contents,
    dialect,
    errors,
    links,
    references,
    setting_values,
    source,
    spoken,
)
from handbook.ways_out import OTHERS, WAYS_OUT

AGAIN = "run `make references`"


@pytest.mark.parametrize("path", sorted(references.pages()), ids=lambda path: path.name)
def test_page_made_from_the_code_says_what_the_code_says(path: Path) -> None:
    assert path.exists(), AGAIN
    assert path.read_text() == references.pages()[path](), AGAIN


def test_every_link_leads_somewhere() -> None:
    assert links.broken() == []


def test_every_page_is_in_the_menu() -> None:
    assert contents.strays() == []


def test_what_people_are_told_to_type_is_there_and_can_be_read() -> None:
    assert blocks.unreadable() == []
    assert blocks.unknown() == []


def test_values_that_people_are_told_to_set_are_accepted() -> None:
    assert setting_values.refused() == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Set `DATABASE_CONNECTIONS` to 5 there.", "DATABASE_CONNECTIONS must be a whole number"),
        ("`DATABASE_CONNECTIONS=5`", "DATABASE_CONNECTIONS must be a whole number"),
        ("JOB_QUEUE=sometimes make run", "JOB_QUEUE must be one of"),
        ("`DATABASE_CONNECTIONS` to 12", ""),
        ("`SILENCED_CHECKS=redisgate.W001,redisgate.E004`", "SILENCED_CHECKS must be ids"),
        ("REDIS_URL=redis://redis:6379/0?db=first", "REDIS_URL must be"),
        ("`EMAIL_URL=https://gate%40example.com@mail`", "EMAIL_URL must be"),
        ("EMAIL_URL=smtp+tls://mail.example.com:587, with a user", ""),
        ("Is it JOB_QUEUE=database?", ""),
        ("(JOB_QUEUE=database).", ""),
    ],
)
def test_value_that_ends_a_start_is_noticed(text: str, why: str) -> None:
    [(name, value)] = setting_values.given(text)
    assert setting_values.complaint(name, value).startswith(why)
    assert bool(setting_values.complaint(name, value)) == bool(why)


@pytest.mark.parametrize(
    "text",
    [
        "DATABASE_URL=postgres://…/rehearsal",
        "DATABASE_URL=postgres://$PGHOST/redisgate",
        "`REDIS_URL=redis://<host>:6379/0`",
        "`REDIS_URL=redis://{host}`",
        "set `DATABASE_CONNECTIONS` to 5.5",
    ],
)
def test_beginning_of_a_value_is_not_taken_for_it(text: str) -> None:
    assert list(setting_values.given(text)) == []


@pytest.mark.parametrize("page", checks.QUOTING)
def test_words_that_are_quoted_are_said_by_somebody(page: str) -> None:
    assert len(spoken.quoted(contents.DOCS / page)) > 40
    assert checks.unsaid(page) == []
    assert not spoken.is_said("Port … is used by another programme")


def test_every_refusal_has_a_way_out_and_no_other_code_has_one() -> None:
    used = {kind.code for kind in source.refusals()} | {other.code for other in OTHERS}
    assert used == WAYS_OUT.keys()


def test_refusals_are_quoted_with_their_words() -> None:
    assert errors.words(AddressNotAllowed).startswith("“NOPERM this API key can't be used from the")
    assert errors.words(CircuitOpen).startswith("“ERR the instance has not been reachable")
    assert errors.words(CommandRefused).startswith("The command can't ride")


def test_lists_need_no_room_of_their_own() -> None:
    text = "They:\n- one,\n  more\n  - inner\n\n```\nnot\n- a list\n```"
    roomy = "They:\n\n- one,\n  more\n    - inner\n\n```\nnot\n- a list\n```"
    assert dialect.roomy(text) == roomy
    assert dialect.roomy(roomy) == roomy


def test_site_is_made_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=contents.ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for page in tmp_path.rglob("*.html"):
        text = page.read_text()
        for loaded in ('src="http', 'rel="stylesheet" href="http', "url(http"):
            assert loaded not in text, f"{page.name} loads something from elsewhere"
