"""Management keys that somebody made here, which end with their membership."""

from collections.abc import Sequence

from accounts.models import User
from managementkeys.access import keys_of
from orgs.access import Access
from orgs.belongings import Belonging


def keys_made_by(access: Access, person: User) -> Sequence[Belonging]:
    """Return those that still open something."""
    keys = keys_of(access).filter(created_by=person)
    live = [key for key in keys if key.status == "active"]
    return [Belonging(key.name, key.hint, "", is_ending=True) for key in live]
