"""What an instance's page says of commands that came before anybody looked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apikeys import usage
from apikeys.models import ApiKey
from apikeys.usage import Amounts, Slot
from instances import first_uses
from instances.models import Instance
from tests.apikeys.rows import make_key
from tests.clients import browser
from tests.conftest import Cast
from tests.instances.rows import make_instance


@pytest.fixture
def instance(cast: Cast) -> Instance:
    return make_instance(cast.acme)


def use(key: ApiKey, instance: Instance, did: Amounts) -> None:
    usage.write({Slot(key.pk, instance.pk, timezone.now() + timedelta(hours=1)): did}, {})


def page(cast: Cast, instance: Instance) -> str:
    return browser(cast.owner).get(f"/orgs/acme/instances/{instance.pk}/").content.decode()


def test_page_of_a_used_instance_does_not_listen(cast: Cast, instance: Instance) -> None:
    use(make_key(cast.owner, cast.acme, name="deploy")[0], instance, Amounts(1, 1))
    shown = page(cast, instance)
    assert "Commands came over HTTP with the key deploy." in shown
    assert "data-watch-now" not in shown


def test_new_instance_that_refused_everybody_listens(cast: Cast, instance: Instance) -> None:
    use(make_key(cast.owner, cast.acme)[0], instance, Amounts(1, 1, 1))
    assert first_uses.of(instance) is None
    assert "data-watch-now" in page(cast, instance)


def test_keys_of_others_tell_nothing(cast: Cast, instance: Instance) -> None:
    use(make_key(cast.outsider, cast.globex)[0], instance, Amounts(1, 1))
    assert first_uses.of(instance) is None
