"""Whatever is written in whatever order, the counters say what COUNT and SUM say."""

import random
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from apikeys.models import ApiKey
from instances.models import Instance
from orgs.models import Organization
from tests.conftest import Cast
from tests.quotas.rows import add_key, used
from tests.rows import add_instance

STEPS = 150


def actual(organization: Organization) -> tuple[int, int, int]:
    instances = Instance.objects.filter(organization=organization)
    keys = ApiKey.objects.filter(organization=organization, revoked_at=None)
    memory = instances.aggregate(total=Sum("memory_mb", default=0))["total"]
    return instances.count(), memory, keys.count()


class Chaos:
    """Random writes to two organizations; some of them are refused."""

    def __init__(self, seed: int, organizations: tuple[Organization, ...]) -> None:
        self.random = random.Random(seed)
        self.organizations = organizations

    def step(self) -> None:
        action = self.random.choice(
            [self.create, self.create, self.delete, self.resize, self.move, self.revoke]
        )
        try:
            with transaction.atomic():
                action()
        except IntegrityError as error:
            assert "_within_limit" in str(error)  # noqa: PT017  other refusals are defects

    def create(self) -> None:
        add_instance(self.organization(), memory_mb=self.random.randint(1, 900))
        add_key(self.organization(), revoked_at=self.random.choice([None, timezone.now()]))

    def delete(self) -> None:
        for model in (Instance, ApiKey):
            model._default_manager.filter(pk=self.any_of(model)).delete()

    def resize(self) -> None:
        some = Instance.objects.filter(pk=self.any_of(Instance))
        some.update(memory_mb=self.random.randint(1, 2000))

    def move(self) -> None:
        for model in (Instance, ApiKey):
            one = model._default_manager.filter(pk=self.any_of(model))
            one.update(organization=self.organization())

    def revoke(self) -> None:
        one = ApiKey.objects.filter(pk=self.any_of(ApiKey))
        one.update(revoked_at=self.random.choice([None, timezone.now()]))

    def organization(self) -> Organization:
        return self.random.choice(self.organizations)

    def any_of(self, model: type[Instance] | type[ApiKey]) -> UUID:
        ids = list(model._default_manager.order_by("name").values_list("pk", flat=True))
        return self.random.choice(ids) if ids else uuid4()


@pytest.mark.parametrize("seed", range(5))
def test_counters_equal_the_rows_after_random_writes(cast: Cast, seed: int) -> None:
    organizations = (cast.acme, cast.globex)
    chaos = Chaos(seed, organizations)
    for _ in range(STEPS):
        chaos.step()
    for organization in organizations:
        assert used(organization) == actual(organization)
