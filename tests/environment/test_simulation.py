"""A platform that only simulates says so wherever somebody could take it for real."""

import pytest
from django.core.management import call_command
from pytest_django import Settings

from browser import connection as browser_connection
from console.link import Link, Server
from figures import addresses
from gateway import lookups
from instances import services
from instances.drivers import driver
from instances.models import Instance
from instances.presets import Purpose
from instances.states import Status
from instances.trial import trial
from redisgate.lib.errors import Conflict, Unavailable
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.provisioners.contract import make_spec
from tests.instances.rows import make_instance

BANNER = "Simulation: no instance here is a real server"


@pytest.fixture
def simulated(cast: Cast, settings: Settings) -> Instance:
    """An instance that was made while the platform simulates, and that "runs"."""
    settings.SIMULATION_MODE = True
    instance = services.create(
        actor(cast.developer), cast.acme, name="Shown", memory_mb=64, purpose=Purpose.CACHE
    )
    Instance.objects.filter(pk=instance.pk).update(status=Status.RUNNING)
    instance.refresh_from_db()
    return instance


@pytest.mark.django_db
def test_every_page_says_that_nothing_here_is_real(cast: Cast, simulated: Instance) -> None:
    person = browser(cast.developer)
    for path in (
        "/orgs/acme/",
        "/orgs/acme/instances/",
        "/orgs/acme/api-keys/",
        "/accounts/email/",
    ):
        assert BANNER in person.get(path).content.decode(), path
    visitor = browser(cast.developer)
    visitor.logout()
    for path in ("/", "/accounts/login/"):
        assert BANNER in visitor.get(path).content.decode(), path


@pytest.mark.django_db
def test_platform_that_is_real_has_no_banner(cast: Cast) -> None:
    assert BANNER not in browser(cast.developer).get("/orgs/acme/instances/").content.decode()
    assert make_instance(cast.acme).provisioner == "process"


@pytest.mark.django_db
def test_instance_stays_marked_when_the_mode_is_over(
    cast: Cast, simulated: Instance, settings: Settings
) -> None:
    settings.SIMULATION_MODE = False
    person = browser(cast.developer)
    assert "Simulated" in person.get("/orgs/acme/instances/").content.decode()
    api = f"/api/organizations/{cast.acme.pk}/instances/{simulated.pk}"
    assert person.get(api).json()["provisioner"] == "simulated"


@pytest.mark.django_db
def test_commands_and_connections_are_refused_in_words(cast: Cast, simulated: Instance) -> None:
    known = lookups._instances([simulated.pk])[simulated.pk]
    assert known.not_running.startswith("this instance is only simulated")
    assert "only simulated" in trial(simulated).problem
    with pytest.raises(Conflict, match="only simulated"):
        browser_connection._address(simulated)
    assert addresses.running() == set()


async def test_console_connects_to_nothing() -> None:
    endpoint = driver("simulated").endpoint(make_spec())
    with pytest.raises(Unavailable, match="only simulated"):
        await Link.dial(Server(endpoint, "rg-scope-read", "secret"))


def test_quickstart_has_nothing_to_give(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SIMULATION_MODE = True
    with pytest.raises(SystemExit):
        call_command("quickstart")
    assert "only simulates its instances" in capsys.readouterr().err
