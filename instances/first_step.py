"""The first thing to do in a new organization."""

from instances.models import Instance
from orgs.first_steps import FirstStep
from orgs.models import Organization
from orgs.roles import Permission


def _has_instance(organization: Organization) -> bool:
    return Instance.objects.filter(organization=organization).exists()


CREATE_INSTANCE = FirstStep(
    position=10,
    short="Create an instance",
    icon="server",
    title="Create your first instance",
    text="A Redis server of your own, with a URL for HTTP and one for Redis clients. "
    "It is ready about a second after you name it.",
    waiting="Ask a developer, admin or owner of the organization to create the first instance.",
    action="Create your first instance",
    url_name="welcome:start",
    permission=Permission.INSTANCE_CREATE,
    is_done=_has_instance,
)
