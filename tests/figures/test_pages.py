"""The pages of figures, without a browser."""

import html
import time

import pytest
from django.test import Client

from instances.models import Instance
from instances.states import Status
from tests.conftest import Cast
from tests.figures.rows import write_last
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(cast: Cast) -> Instance:
    return add_instance(cast.acme, "shop", status=Status.RUNNING)


@pytest.fixture
def page(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.viewer)
    return client


def text(page: Client, path: str = "") -> str:
    answer = page.get(f"/orgs/acme/instances/shop/metrics/{path}")
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.mark.usefixtures("instance")
def test_the_tab_is_among_the_instances(page: Client) -> None:
    overview = page.get("/orgs/acme/instances/shop/").content.decode()
    assert "/metrics/" in overview
    assert 'aria-current="page"' in text(page)


@pytest.mark.usefixtures("instance")
def test_a_new_instance_says_when_the_first_figures_come(page: Client) -> None:
    assert "First figures in 10 seconds" in text(page)
    assert "First figures in 10 seconds" in text(page, "?view=table")
    assert "No commands in this range" in text(page, "commands/")


def test_a_stopped_instance_says_why_there_is_nothing(page: Client, instance: Instance) -> None:
    Instance.objects.filter(pk=instance.pk).update(status=Status.STOPPED)
    assert "The server wasn't running" in text(page)
    assert "Start it, or wait until it runs" in text(page, "slowlog/")


def test_figures_are_there_as_a_table(page: Client, instance: Instance) -> None:
    write_last(instance, time.time())
    shown = text(page, "?range=15m&view=table")
    assert "Figures of the last 15 minutes" in shown
    assert "977 KB" in shown
    assert "uPlot" not in shown


def test_top_commands_show_calls_and_time(page: Client, instance: Instance) -> None:
    write_last(instance, time.time(), seconds=60)
    shown = text(page, "commands/?range=15m")
    assert "<code>GET</code>" in shown
    assert "5.0 µs" in shown


@pytest.mark.usefixtures("instance")
def test_a_mistyped_range_shows_the_usual_one(page: Client) -> None:
    assert 'data-range="1h"' in text(page, "?range=1y")


def test_number_that_is_no_client_is_answered_in_words(cast: Cast, instance: Instance) -> None:
    developer = Client()
    developer.force_login(cast.developer)
    page = f"/orgs/acme/instances/{instance.slug}/metrics/clients/"
    answer = developer.post(f"{page}disconnect/", {"client": "9" * 5000})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
