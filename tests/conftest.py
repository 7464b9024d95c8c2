"""The standing cast: two organizations and everybody who may or may not enter the first."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings as django_settings
from django.db import connection
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from audit.actors import Actor, Means
from instances import dialing_pace
from orgs import services
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib import garbage
from tests import append_only, browser, prepared
from tests import platform as real_platform
from tests.gateway.parts import Server, running_server
from tests.platform import Platform
from tests.shared_redis import used
from tests.waiting import PATIENCE_SECONDS

PASSWORD = "correct horse battery"
DATABASE_FIXTURES = {"db", "transactional_db"}
FIGURE = "figure"
"""Property under which a test records what is to be read at the end of the run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out what never touches the database, for a second run on another one",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    only_database = config.getoption("--only-database")

    def is_wanted(item: pytest.Item) -> bool:
        if connection.vendor != "postgresql" and item.get_closest_marker("postgresql"):
            return False
        return not only_database or _touches_database(item)

    config.hook.pytest_deselected(items=[item for item in items if not is_wanted(item)])
    items[:] = [item for item in items if is_wanted(item)]


def pytest_configure() -> None:
    garbage.collect_seldom()


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make; to go through all modules again took a fifth."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed"):
        for name, figure in report.user_properties:
            if name == FIGURE:
                terminalreporter.write_line(figure)


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(DATABASE_FIXTURES & fixtures) or item.get_closest_marker("django_db") is not None


@dataclass(frozen=True)
class Cast:
    """Acme with one person in each role, and Globex, whose owner is Acme's outsider."""

    acme: Organization
    globex: Organization
    owner: User
    admin: User
    developer: User
    viewer: User
    outsider: User


def make_user(name: str) -> User:
    return User.objects.create_user(username=name, email=f"{name}@example.com", password=PASSWORD)


def actor(user: User) -> Actor:
    return Actor(user_id=user.id, label=user.email, means=Means.API)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End the sessions of programs that tests have killed, which PostgreSQL notices late."""
    append_only.let_flush_empty_it()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def patient_clients() -> None:
    """Let HTTP clients that were given no time of their own wait as long as all tests do."""
    for wait in ("connect", "read", "write", "pool"):
        setattr(DEFAULT_TIMEOUT_CONFIG, wait, PATIENCE_SECONDS)


@pytest.fixture(scope="session", autouse=True)
def queued_mail(django_test_environment: None) -> None:
    """Let mail go its real way, through a job; Django's test environment would cut it short."""
    django_settings.EMAIL_BACKEND = "mail.backend.QueueBackend"


@pytest.fixture(autouse=True)
def unpaced() -> None:
    """Let the people of each test begin anew: their ids come again."""
    dialing_pace.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    owner, admin, developer, viewer, outsider = (
        make_user(name) for name in ("olivia", "adam", "dora", "victor", "otto")
    )
    acme = services.create(actor(owner), owner=owner, name="Acme")
    globex = services.create(actor(outsider), owner=outsider, name="Globex")
    for user, role in (
        (admin, Role.ADMIN),
        (developer, Role.DEVELOPER),
        (viewer, Role.VIEWER),
    ):
        Membership.objects.create(organization=acme, user=user, role=role)
    return Cast(acme, globex, owner, admin, developer, viewer, outsider)


@pytest.fixture(scope="module")
def shared_redis() -> Iterator[Server]:
    """A real server that plays the platform's own Redis, for who takes it in use."""
    with running_server() as server:
        yield server


@pytest.fixture
def cache_redis(shared_redis: Server, settings: Settings) -> Iterator[Server]:
    """Let this process keep there what it caches; nothing is kept yet."""
    shared_redis.admin().flushall()
    with used(shared_redis, settings, "CACHE_REDIS"):
        yield shared_redis


@pytest.fixture(scope="session", autouse=True)
def chromium() -> Iterator[None]:
    """Close the browser after the last test, where one was opened."""
    yield
    browser.chromium.close()


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The real platform, started once for all tests that drive it from outside."""
    with prepared.directory() as data_dir, real_platform.running(data_dir) as running:
        yield running
