"""What to do once there is an instance."""

from apikeys.models import ApiKey
from orgs.first_steps import FirstStep
from orgs.models import Organization
from orgs.roles import Permission


def _has_key(organization: Organization) -> bool:
    return ApiKey.objects.filter(organization=organization).active().exists()


CREATE_KEY = FirstStep(
    position=20,
    short="Get an API key",
    icon="key",
    title="Create an API key",
    text="Programs prove with it who they are, over HTTP and with any Redis client. "
    "You see it once, so have a safe place ready.",
    waiting="Ask a developer, admin or owner of the organization to create a key for you.",
    action="Create an API key",
    url_name="welcome:start",
    permission=Permission.API_KEY_CREATE,
    is_done=_has_key,
)
