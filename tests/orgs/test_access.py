import pytest

from orgs import access
from orgs.roles import Permission
from redisgate.lib.errors import Forbidden, NotFound
from tests.conftest import Cast


def test_member_enters_by_id_and_by_slug(cast: Cast) -> None:
    by_id = access.enter(cast.viewer, cast.acme.id, Permission.INSTANCE_VIEW)
    by_slug = access.enter(cast.viewer, "acme", Permission.INSTANCE_VIEW)
    assert by_id.organization == by_slug.organization == cast.acme


def test_outsider_finds_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        access.enter(cast.outsider, cast.acme.id, Permission.ORGANIZATION_VIEW)


def test_viewer_may_not_create_instances(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        access.enter(cast.viewer, cast.acme.id, Permission.INSTANCE_CREATE)
