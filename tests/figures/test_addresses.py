"""Which servers are asked for figures."""

import pytest

from figures import addresses
from instances.states import Status
from tests.conftest import Cast
from tests.rows import add_instance


@pytest.mark.django_db
def test_servers_of_others_are_not_asked(cast: Cast) -> None:
    ours = add_instance(cast.acme, "ours", status=Status.RUNNING)
    add_instance(cast.acme, "stopped", status=Status.STOPPED)
    add_instance(cast.acme, "theirs", status=Status.RUNNING, provisioner="external")
    assert addresses.running() == {ours.pk}
