"""Two people, or one who clicks twice, wish for the same at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from audit.actors import SYSTEM
from instances import services
from instances.models import Instance
from orgs.models import Organization
from redisgate.lib.errors import Conflict

AT_ONCE = 4


@pytest.mark.django_db(transaction=True)
def test_one_name_is_given_once() -> None:
    organization = Organization.objects.create(name="Acme", slug="acme")
    start = Barrier(AT_ONCE)

    def create(name: str) -> str:
        try:
            start.wait(timeout=30)
            services.create(SYSTEM, organization, name=name, memory_mb=8, purpose="cache")
        except Conflict as refusal:
            return refusal.message
        finally:
            connection.close()
        return "created"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = sorted(pool.map(create, ["Cache", "cache", "CACHE", " cache "]))
    assert outcomes.count("created") == 1
    assert all("already" in words for words in outcomes if words != "created")
    assert Instance.objects.count() == 1
