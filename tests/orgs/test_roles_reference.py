"""The reference page says what the table of roles says."""

from orgs.roles import PERMISSIONS, Permission, Role
from orgs.roles_reference import MEANINGS, render
from tests.platform import ROOT


def test_every_permission_is_explained() -> None:
    assert set(MEANINGS) == set(Permission)


def test_reference_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "roles.md").read_text() == render()


def test_each_role_may_all_that_the_next_one_may() -> None:
    owner, admin, developer, viewer = (PERMISSIONS[role] for role in Role)
    assert owner > admin > developer > viewer
