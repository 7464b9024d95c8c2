"""Rows that this room's tests start from."""

from accounts.models import User
from apikeys import services
from apikeys.models import ApiKey
from orgs.models import Organization
from tests.conftest import actor


def make_key(owner: User, organization: Organization, **wish: object) -> tuple[ApiKey, str]:
    """Make a key as a program would."""
    terms = {"name": "Web shop", "scopes": ["write"], **wish}
    return services.create(actor(owner), organization, **terms)  # type: ignore[arg-type]
