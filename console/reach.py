"""From an instance and a scope to a server that a console can log in to."""

from console.link import Server
from console.terminal import Reach
from instances import acl, directory
from instances.acl import Scope
from instances.models import Instance


def of(instance: Instance, scope: Scope) -> Reach | None:
    """Say where to connect and as whom; None where the server has no user of that scope."""
    target = directory.find_target(instance.pk)
    user = acl.scope_user({scope}, ())
    if target is None or user not in target.scope_passwords:
        return None
    server = Server(target.endpoint, user, target.scope_passwords[user])
    return Reach(server=server, scope=scope, name=instance.name, slug=instance.slug)
