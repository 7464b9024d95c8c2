"""Taking in a server that somebody else runs: judged first, held then, let go without a trace."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from audit.actors import SYSTEM
from audit.models import AuditEvent
from instances import (
    adoption,
    adoption_words,
    changes,
    dialing_pace,
    lookout,
    passwords,
    services,
    tls,
)
from instances.adoption import Place
from instances.listing import Asked
from instances.lookout import Sight
from instances.models import Instance, TheirServer
from instances.provisioners.external import ExternalProvisioner
from instances.remote import Tls
from instances.spec import Persistence
from orgs.access import Access
from orgs.roles import Role
from orgs.standing import Asker
from quotas.models import InstanceQuota
from redisgate.lib import graces
from redisgate.lib.errors import Conflict, Forbidden, InvalidInput
from tests import somebody_elses
from tests.clients import program
from tests.conftest import Cast, actor
from tests.instances.harness import ControlPlane, fresh, is_gone
from tests.instances.rows import make_instance
from tests.somebody_elses import HERE, Theirs, certificate, with_tls


@pytest.fixture(scope="module")
def server() -> Iterator[Theirs]:
    with somebody_elses.running() as theirs:
        yield theirs


@pytest.fixture
def theirs(server: Theirs, settings: Settings) -> Iterator[Theirs]:
    settings.EXTERNAL_NETWORKS = HERE.networks
    before = server.users()
    yield server
    with server.client() as client:
        for name in server.users() - before:
            client.acl_deluser(name)


def adopted(cast: Cast, theirs: Theirs, user: str = "worker", **how: object) -> Instance:
    place = Place(url=theirs.url(user), **how)  # type: ignore[arg-type]
    return adoption.adopt(actor(cast.owner), cast.acme, name="Theirs", place=place)


def refused(cast: Cast, place: Place) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as caught:
        adoption.adopt(actor(cast.owner), cast.acme, name="Theirs", place=place)
    assert not Instance.objects.filter(organization=cast.acme).exists()
    errors = caught.value.details["errors"]
    assert isinstance(errors, dict)
    return errors


def test_adopted_server_counts_as_an_instance_without_memory(cast: Cast, theirs: Theirs) -> None:
    adopted(cast, theirs)
    quota = InstanceQuota.objects.get(organization=cast.acme)
    assert (quota.instances_used, quota.memory_mb_used) == (1, 0)


def test_adopting_is_audited_without_the_password(cast: Cast, theirs: Theirs) -> None:
    instance = adopted(cast, theirs)
    event = AuditEvent.objects.get(action="instance.adopt")
    assert event.object_id == instance.pk
    assert somebody_elses.PASSWORD not in str(event.changes)
    assert event.changes["user"] == "worker"


def test_password_is_sealed_in_the_database(cast: Cast, theirs: Theirs) -> None:
    from django.db import connection

    instance = adopted(cast, theirs)
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM instances_theirserver")
        assert somebody_elses.PASSWORD not in cursor.fetchone()[0]
    assert TheirServer.objects.get(pk=instance.pk).password == somebody_elses.PASSWORD


def test_adopting_can_be_switched_off(cast: Cast, theirs: Theirs, settings: Settings) -> None:
    settings.EXTERNAL_INSTANCES = False
    with pytest.raises(Forbidden, match="EXTERNAL_INSTANCES"):
        adopted(cast, theirs)


@pytest.mark.parametrize(
    ("user", "field", "words"),
    [
        ("default", "url", "INFO"),
        ("mute", "url", "COMMAND"),
        ("nobody", "url", "user or the password"),
    ],
)
def test_user_who_may_too_little_is_refused_with_the_way_out(
    cast: Cast, theirs: Theirs, user: str, field: str, words: str
) -> None:
    assert words in refused(cast, Place(url=theirs.url(user)))[field][0]


def test_managing_users_needs_the_right_to(cast: Cast, theirs: Theirs) -> None:
    place = Place(url=theirs.url("worker"), manage_users=True)
    assert "+acl" in refused(cast, place)["manage_users"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"ca_certificate": "no PEM"},
        {"client_certificate": "no PEM", "client_key": "no PEM"},
        {"client_certificate": certificate().pem},
    ],
)
def test_certificate_that_cannot_be_used_is_refused(
    cast: Cast, theirs: Theirs, change: dict[str, str]
) -> None:
    url = theirs.url().replace("redis://", "rediss://")
    assert "ca_certificate" in refused(cast, Place(url=url, **change))  # type: ignore[arg-type]


def test_certificates_need_tls(cast: Cast, theirs: Theirs) -> None:
    errors = refused(cast, Place(url=theirs.url(), ca_certificate=certificate().pem))
    assert "rediss://" in errors["url"][0]


def test_server_behind_tls_is_adopted(cast: Cast, theirs: Theirs) -> None:
    shown = certificate()
    with with_tls(theirs.port, shown) as port:
        url = f"rediss://worker:theirs@127.0.0.1:{port}"
        place = Place(url=url, ca_certificate=shown.pem)
        made = adoption.adopt(actor(cast.owner), cast.acme, name="TLS", place=place)
    assert made.their_server.is_tls


def test_what_is_theirs_cannot_be_changed(cast: Cast, theirs: Theirs) -> None:
    instance, who = adopted(cast, theirs), actor(cast.owner)
    with pytest.raises(Conflict, match="Somebody else"):
        changes.resize(who, instance, 64)
    with pytest.raises(Conflict, match="Somebody else"):
        changes.set_persistence(who, instance, Persistence.NONE)
    with pytest.raises(Conflict, match="Somebody else"):
        passwords.rotate(who, instance, grace=graces.USUAL)
    changes.rename(who, instance, "Renamed")
    assert fresh(instance).name == "Renamed"


def test_own_instance_has_no_address_to_change(cast: Cast, theirs: Theirs) -> None:
    instance = make_instance(cast.acme)
    with pytest.raises(Conflict, match="itself"):
        adoption.readdress(actor(cast.owner), instance, Place(url=theirs.url()))


def test_address_changes_without_typing_the_password_again(cast: Cast, theirs: Theirs) -> None:
    instance = adopted(cast, theirs)
    url = f"redis://worker@127.0.0.1:{theirs.port}/3"
    adoption.readdress(actor(cast.owner), instance, Place(url=url))
    kept = TheirServer.objects.get(pk=instance.pk)
    assert (kept.database, kept.password) == (3, somebody_elses.PASSWORD)


def test_password_never_goes_to_another_server(cast: Cast, theirs: Theirs) -> None:
    instance = adopted(cast, theirs)
    with somebody_elses.running() as another:
        url = f"redis://worker@127.0.0.1:{another.port}/0"
        with pytest.raises(InvalidInput, match="password"):
            adoption.readdress(actor(cast.owner), instance, Place(url=url))
    assert TheirServer.objects.get(pk=instance.pk).port == theirs.port


def test_look_says_what_the_user_may_do(theirs: Theirs) -> None:
    said = {
        user: " ".join(
            remark.text
            for remark in adoption_words.remarks(
                adoption.check(SYSTEM, Place(url=theirs.url(user))),
                is_tls=False,
                manages_users=False,
            )
        )
        for user in ("boss", "worker", "looker")
    }
    assert "may administer" in said["boss"]
    assert "let RedisGate do that" in said["boss"]
    assert "may administer" not in said["worker"]
    assert "may read and write" in said["worker"]
    assert "may read only" in said["looker"]
    assert "isn't encrypted" in said["worker"]


@pytest.mark.parametrize("manage_users", [True, False])
def test_adopted_server_is_held_let_go_and_forgotten(
    cast: Cast, theirs: Theirs, control_plane: ControlPlane, manage_users: bool
) -> None:
    before = theirs.users()
    with theirs.client() as client:
        client.set("their key", "their value")
    instance = adopted(cast, theirs, "boss", manage_users=manage_users)
    loop = control_plane.loop()
    loop.until_status(instance, "running")
    assert (theirs.users() == before) is not manage_users
    services.stop(actor(cast.owner), instance)
    loop.until_status(instance, "stopped")
    services.start(actor(cast.owner), instance)
    loop.until_status(instance, "running")
    services.delete(actor(cast.owner), instance)
    loop.until(lambda: is_gone(instance), "it is gone")
    assert theirs.users() == before
    with theirs.client() as client:
        assert client.get("their key") == "their value"


def test_health_is_said_in_words_while_the_server_is_away(
    cast: Cast,
    settings: Settings,
    control_plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.EXTERNAL_NETWORKS = HERE.networks
    monkeypatch.setattr(ExternalProvisioner, "rest_seconds", 0.2)
    loop = control_plane.loop()
    with somebody_elses.running() as theirs:
        instance = adopted(cast, theirs)
        loop.until_status(instance, "running")
        theirs.kill()
        loop.until(lambda: fresh(instance).health == "unhealthy", "it is seen to be away")
        assert fresh(instance).status == "running"
        assert "Nothing listens" in fresh(instance).status_detail
        theirs.start()
        loop.until(lambda: fresh(instance).health == "healthy", "it is back")


@dataclass
class ListPage:
    """An open list of instances, as a look knows it."""

    asker: Asker
    instance_id = None

    def draw(self, access: Access, sight: Sight) -> str:
        return " ".join(each.endpoint for each in sight.listing(access).leaf(Asked()).rows)


@pytest.mark.django_db
def test_lists_ask_once_for_the_servers_of_others(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    where = f"/api/organizations/{cast.acme.pk}/instances"
    row_of_theirs(cast, "one")
    with CaptureQueriesContext(connection) as few:
        program(cast.viewer).get(where)
    row_of_theirs(cast, "two")
    row_of_theirs(cast, "three")
    with django_assert_num_queries(len(few)):
        listed = program(cast.viewer).get(where).json()["results"]
    assert {each["host"] for each in listed} == {"one", "two", "three"}
    page = ListPage(Asker(None, cast.acme.pk))
    with django_assert_num_queries(1):
        drawn = page.draw(Access(cast.acme, cast.viewer, Role.VIEWER), lookout._sight([page]))
    assert set(drawn.split()) == {"one:6379", "two:6379", "three:6379"}


def row_of_theirs(cast: Cast, host: str) -> None:
    instance = make_instance(cast.acme, host, provisioner="external", memory_mb=0)
    TheirServer.objects.create(
        instance=instance, host=host, port=6379, user="worker", checked_at=timezone.now()
    )


@pytest.mark.parametrize("comment", ["# Autorit\u00e4t", "# \N{REPLACEMENT CHARACTER}"])
def test_certificates_may_have_comments_in_any_language(comment: str) -> None:
    tls.check(Tls(ca_pem=f"{comment}\n{certificate().pem}"))


def test_nobody_tries_one_address_after_the_other(cast: Cast) -> None:
    place = Place(url="redis://127.0.0.1:1")
    for _ in range(dialing_pace.DIALS_MAX):
        with pytest.raises(InvalidInput):
            adoption.check(actor(cast.owner), place)
    with pytest.raises(dialing_pace.TooManyDials, match="Wait 60 s"):
        adoption.check(actor(cast.owner), place)
    with pytest.raises(InvalidInput):
        adoption.check(actor(cast.developer), place)
