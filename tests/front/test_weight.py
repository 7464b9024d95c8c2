"""How many bytes a page costs whoever opens it, compressed as they travel."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from instances.states import Status
from redisgate.bundles import BUNDLES
from tests.clients import browser
from tests.conftest import Cast
from tests.rows import add_instance

pytestmark = pytest.mark.django_db

PAGE_BYTES = 14_000
STYLE_BYTES = 110_000
SCRIPT_BYTES = 60_000
CHART_BYTES = 24_000
"""Of scripts, where there are charts."""
ALL_BYTES = 300_000
"""With both fonts and the icons, for whoever comes for the first time."""

PAGES = (
    *("", "instances/", "instances/{instance}/", "instances/{instance}/metrics/"),
    *("instances/{instance}/data/", "instances/{instance}/console/"),
    *("instances/{instance}/settings/", "api-keys/", "members/", "audit/", "usage/", "settings/"),
)
LOADED = re.compile(r'(?:src|href)="/static/([^"#?]+\.(?:css|js|woff2|svg))')
FONTS = (
    "vendor/inter/inter-latin-wght-normal.woff2",
    "vendor/jetbrains-mono/jetbrains-mono-latin-wght-normal.woff2",
)


@cache
def bytes_of(name: str) -> int:
    found = finders.find(name)
    assert found is not None, name
    content = Path(found).read_bytes()
    return len(content) if name.endswith("woff2") else len(gzip.compress(content))


def fetched(client: Client, path: str) -> tuple[int, str]:
    """Return a page's bytes on the wire, and its text."""
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    return len(response.content), gzip.decompress(response.content).decode()


def weight_of(names: set[str], ending: str) -> int:
    return sum(bytes_of(name) for name in names if name.endswith(ending))


@pytest.mark.parametrize("part", PAGES)
def test_page_stays_within_its_budget(part: str, cast: Cast) -> None:
    instance = add_instance(cast.acme, status=Status.RUNNING)
    path = f"/orgs/{cast.acme.slug}/{part.format(instance=instance.pk)}"
    page, text = fetched(browser(cast.owner), path)
    loaded = LOADED.findall(text)
    parts = [part for name in set(loaded) for part in BUNDLES.get(name, (name,))]
    assert len(parts) == len(set(parts)), "a part would start twice"
    names = {*loaded, *FONTS}
    assert page <= PAGE_BYTES
    assert page < 0.3 * len(text.encode())
    assert weight_of(names, "css") <= STYLE_BYTES
    charts = CHART_BYTES if "metrics" in part else 0
    assert weight_of(names, "js") <= SCRIPT_BYTES + charts
    assert page + sum(map(bytes_of, names)) <= ALL_BYTES


def test_length_of_an_answer_tells_nothing_of_its_content(client: Client) -> None:
    lengths = {fetched(client, "/accounts/login/")[0] for _ in range(30)}
    assert len(lengths) > 5
