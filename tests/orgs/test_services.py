import pytest

from orgs import services
from orgs.models import Organization
from redisgate.lib.errors import InvalidInput
from tests.conftest import Cast, actor

BAD = {"name": "\u200b", "description": "two\nlines"}
WORDS = {
    "name": ["Give the organization a name."],
    "description": ["Leave out line breaks and control characters."],
}


def test_bad_wish_makes_nothing_and_names_every_field(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.create(actor(cast.owner), owner=cast.owner, **BAD)
    assert refusal.value.details["errors"] == WORDS
    assert Organization.objects.count() == 2


def test_bad_change_changes_nothing(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.update(actor(cast.owner), cast.acme, **BAD)
    assert refusal.value.details["errors"] == WORDS
    cast.acme.refresh_from_db()
    assert (cast.acme.name, cast.acme.description) == ("Acme", "")
