"""Which identity providers have vouched for a session, and when, as django-allauth notes it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User

RECORDS_KEY = "account_authentication_methods"
OWNER_KEY = "account_authentication_methods_user"


def of(session: Mapping[str, Any], user: "User") -> Mapping[str, float]:
    """Give each provider's last sign-in of this person in the session, in seconds since 1970."""
    if session.get(OWNER_KEY) != str(user.pk):
        return {}
    return {
        record["provider"]: record["at"]
        for record in session.get(RECORDS_KEY, ())
        if record.get("method") == "socialaccount"
    }
