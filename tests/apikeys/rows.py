"""Rows that this room's tests start from."""

from accounts.models import User
from apikeys import services
from apikeys.models import ApiKey
from orgs.models import Organization
from tests.conftest import actor


def make_key(owner: User, organization: Organization, **wish: object) -> tuple[ApiKey, str]:
    """Make a key as a program would, with a rate limit that no test reaches by chance."""
    terms = {"name": "Web shop", "scopes": ["write"], "rate_limit": 100_000, **wish}
    return services.create(actor(owner), organization, **terms)  # type: ignore[arg-type]
