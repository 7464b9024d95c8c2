from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from orgs.models import Organization
from quotas.models import InstanceQuota
from tests.quotas.rows import add_key, used
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*targets: tuple[str, str]) -> None:
    MigrationExecutor(connection).migrate(list(targets))


@pytest.fixture
def latest() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("latest")
def test_triggers_go_and_come_back_and_count_what_is_there() -> None:
    organization = Organization.objects.create(name="Acme", slug="acme")
    add_instance(organization, memory_mb=10)
    add_key(organization)

    migrate(("instances", "0001_instances_and_lease"), ("apikeys", "0001_keys"))
    assert used(organization) == (0, 0, 0)
    add_instance(organization, memory_mb=5)
    assert used(organization) == (0, 0, 0)

    migrate(("instances", "0002_count_against_quota"), ("apikeys", "0002_count_against_quota"))
    assert used(organization) == (2, 15, 1)
    with connection.cursor() as cursor:  # the models may know columns that these tables don't
        cursor.execute("DELETE FROM instances_instance")
        cursor.execute("DELETE FROM apikeys_apikey")
    assert used(organization) == (0, 0, 0)


@pytest.mark.usefixtures("latest")
def test_organizations_from_before_the_trigger_get_a_row() -> None:
    migrate(
        ("instances", "0001_instances_and_lease"),
        ("apikeys", "0001_keys"),
        ("quotas", "0001_instance_quotas"),
    )
    early = Organization.objects.create(name="Early", slug="early")
    assert not InstanceQuota.objects.filter(organization=early).exists()
    migrate(("quotas", "0002_row_for_each_organization"))
    assert used(early) == (0, 0, 0)
