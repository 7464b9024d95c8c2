from collections.abc import Iterator
from uuid import uuid4

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
    _copy_instance(memory_mb=5)
    assert used(organization) == (0, 0, 0)

    migrate(("instances", "0002_count_against_quota"), ("apikeys", "0002_count_against_quota"))
    assert used(organization) == (2, 15, 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM instances_instance")
        cursor.execute("DELETE FROM apikeys_apikey")
    assert used(organization) == (0, 0, 0)


def _copy_instance(memory_mb: int) -> None:
    """Insert one more; the models may know columns that the table of that time doesn't."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM instances_instance")
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
        copy = {
            **row,
            "id": uuid4() if connection.vendor == "postgresql" else uuid4().hex,
            "name": "copy",
            "slug": "copy",
            "port": row["port"] + 1,
            "memory_mb": memory_mb,
            "driver_state": "{}",
        }
        places = ", ".join(["%s"] * len(copy))
        cursor.execute(
            f"INSERT INTO instances_instance ({', '.join(copy)}) VALUES ({places})",  # noqa: S608
            list(copy.values()),
        )


@pytest.mark.usefixtures("latest")
def test_quota_is_kept_on_the_way_back_to_fewer_columns() -> None:
    organization = Organization.objects.create(name="Acme", slug="acme")
    add_instance(organization, memory_mb=10)
    migrate(("instances", "0006_hosts"))
    assert used(organization) == (1, 10, 0)
    _copy_instance(memory_mb=5)
    assert used(organization) == (2, 15, 0)


def _organization_of_that_time() -> Organization:
    """Insert a row with the columns that the table has after these migrations."""
    state = MigrationExecutor(connection).loader.project_state(("orgs", "0005_lapsed_invitations"))
    row = state.apps.get_model("orgs", "Organization").objects.create(name="Early", slug="early")
    return Organization(pk=row.pk)


@pytest.mark.usefixtures("latest")
def test_organizations_from_before_the_trigger_get_a_row() -> None:
    migrate(
        ("instances", "0001_instances_and_lease"),
        ("apikeys", "0001_keys"),
        ("quotas", "0001_instance_quotas"),
    )
    early = _organization_of_that_time()
    assert not InstanceQuota.objects.filter(organization=early).exists()
    migrate(("quotas", "0002_row_for_each_organization"))
    assert used(early) == (0, 0, 0)
