"""What is left once there is an instance and a key: use them."""

from orgs.first_steps import FirstStep
from orgs.models import Organization
from orgs.roles import Permission


def _has_run(organization: Organization) -> bool:
    return organization.first_command_at is not None


RUN_COMMAND = FirstStep(
    position=30,
    short="Run a command",
    icon="terminal-2",
    title="Run your first command",
    text="Your Redis is up and your key is made. Send one SET or GET from wherever you like; "
    "RedisGate notices by itself.",
    waiting="Ask a developer, admin or owner for a key, and run your first command with it.",
    action="Show me the commands",
    url_name="welcome:start",
    permission=Permission.INSTANCE_VIEW,
    is_done=_has_run,
)
