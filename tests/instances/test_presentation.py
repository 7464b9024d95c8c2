import pytest

from instances.models import Instance
from instances.presentation import badge, show
from instances.states import Health, Status, Wish
from orgs.access import Access
from orgs.roles import Role
from tests.conftest import Cast
from tests.instances.rows import make_instance


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"status": Status.PENDING}, "Pending"),
        ({"status": Status.CREATING}, "Creating"),
        ({"status": Status.CREATING, "crashes": 1}, "Creating"),
        ({"status": Status.CREATING, "acl_done": 1}, "Starting"),
        ({"status": Status.CREATING, "acl_done": 1, "crashes": 1}, "Restarting"),
        ({"status": Status.CREATING, "acl_done": 1, "restart_wish": 1}, "Restarting"),
        ({"status": Status.STOPPING, "restart_wish": 1}, "Restarting"),
        ({"status": Status.STOPPING, "restart_wish": 1, "wish": Wish.STOPPED}, "Stopping"),
        ({"status": Status.RUNNING}, "Running"),
        ({"status": Status.RUNNING, "wish": Wish.STOPPED}, "Stopping"),
        ({"status": Status.STOPPED, "wish": Wish.STOPPED}, "Stopped"),
        ({"status": Status.STOPPED, "wish": Wish.RUNNING}, "Starting"),
        ({"status": Status.RUNNING, "restart_wish": 1}, "Restarting"),
        ({"status": Status.RUNNING, "wish": Wish.DELETED}, "Deleting"),
        ({"status": Status.ERROR, "wish": Wish.DELETED}, "Error"),
        ({"status": Status.ERROR}, "Error"),
    ],
)
def test_badge_says_the_wish_while_it_is_ahead(facts: dict[str, object], word: str) -> None:
    assert badge(Instance(**{"wish": Wish.RUNNING, **facts}))[1] == word


@pytest.mark.parametrize(
    ("facts", "buttons"),
    [
        ({}, {"stop", "restart", "delete"}),
        ({"status": Status.CREATING}, {"stop", "delete"}),
        ({"status": Status.STOPPED, "wish": Wish.STOPPED}, {"start", "delete"}),
        ({"status": Status.ERROR}, {"stop", "restart", "delete"}),
        ({"status": Status.DELETING, "wish": Wish.DELETED}, set()),
    ],
)
def test_buttons_follow_the_state(cast: Cast, facts: dict[str, str], buttons: set[str]) -> None:
    shown = show(Access(cast.acme, cast.owner, Role.OWNER), make_instance(cast.acme, **facts))
    may = {name for name in ("start", "stop", "restart", "delete") if getattr(shown, f"may_{name}")}
    assert may == buttons


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.ERROR},
        {"health": Health.UNHEALTHY},
        {"name": "Other"},
        {"memory_mb": 65},
        {"status_detail": "MISCONF"},
        {"wish": Wish.STOPPED},
        {"restart_wish": 1},
    ],
)
def test_version_changes_with_everything_on_the_page(cast: Cast, change: dict[str, object]) -> None:
    access = Access(cast.acme, cast.owner, Role.OWNER)
    instance = make_instance(cast.acme)
    before = show(access, instance).version
    for name, value in change.items():
        setattr(instance, name, value)
    assert show(access, instance).version != before


def test_version_changes_with_the_role(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    versions = {show(Access(cast.acme, cast.owner, role), instance).version for role in Role}
    assert len(versions) == len(Role)
