"""Every role and permission is explained, and the table holds together."""

from orgs.roles import PERMISSIONS, Permission, Role
from orgs.roles_reference import MEANINGS


def test_every_permission_is_explained() -> None:
    assert set(MEANINGS) == set(Permission)


def test_each_role_may_all_that_the_next_one_may() -> None:
    owner, admin, developer, viewer = (PERMISSIONS[role] for role in Role)
    assert owner > admin > developer > viewer
