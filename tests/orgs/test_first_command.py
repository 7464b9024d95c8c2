from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F

from apikeys import usage
from apikeys.models import ApiKey, KeyUsage
from apikeys.usage import Amounts, LastUse, Slot
from orgs import first_command
from orgs.models import Organization
from tests.apikeys.rows import make_key
from tests.conftest import Cast

HOUR = datetime(2030, 1, 31, 12, tzinfo=UTC)
AT = HOUR + timedelta(minutes=7)
OK = Amounts(requests=1, commands=1)


@pytest.fixture
def key(cast: Cast) -> ApiKey:
    return make_key(cast.owner, cast.acme)[0]


def tell(key: ApiKey, did: Amounts, at: datetime = AT) -> datetime | None:
    usage.write({Slot(key.pk, uuid4(), HOUR): did}, {key.pk: LastUse(at, "192.0.2.1", "curl")})
    return Organization.objects.get(pk=key.organization_id).first_command_at


def test_the_first_answered_command_is_noted_once(key: ApiKey) -> None:
    assert tell(key, OK) == AT
    assert tell(key, OK, AT + timedelta(hours=1)) == AT


@pytest.mark.parametrize("did", [Amounts(requests=1, errors=1), Amounts(1, 2, 2), Amounts(1)])
def test_a_command_that_failed_is_not_the_first(key: ApiKey, did: Amounts) -> None:
    assert tell(key, did) is None
    assert tell(key, OK, AT + timedelta(hours=1)) == AT + timedelta(hours=1)


def test_other_organizations_still_wait(key: ApiKey, cast: Cast) -> None:
    tell(key, OK)
    assert Organization.objects.get(pk=cast.globex.pk).first_command_at is None


def test_an_organization_that_is_gone_keeps_nobody_back(cast: Cast) -> None:
    first_command.note({uuid4(): AT, cast.acme.pk: AT})
    assert Organization.objects.get(pk=cast.acme.pk).first_command_at == AT


@pytest.fixture
def latest() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("latest")
def test_organizations_from_before_have_it_from_their_usage(cast: Cast) -> None:
    used, refused = make_key(cast.owner, cast.acme)[0], make_key(cast.outsider, cast.globex)[0]
    before = used.created_at - timedelta(hours=1)
    for key, hour, did in ((used, HOUR, OK), (used, before, OK), (refused, HOUR, Amounts(1, 1, 1))):
        usage.write({Slot(key.pk, uuid4(), hour): did}, {})
    MigrationExecutor(connection).migrate([("orgs", "0005_lapsed_invitations")])
    assert KeyUsage.objects.filter(commands__gt=F("errors")).count() == 2
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    found = Organization.objects.in_bulk()
    assert found[cast.acme.pk].first_command_at == used.created_at
    assert found[cast.globex.pk].first_command_at is None
