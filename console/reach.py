"""From an instance and a scope to a server that a console can log in to."""

from console.link import Server
from console.terminal import Reach
from instances import acl
from instances.acl import Scope
from instances.drivers import driver
from instances.models import Instance
from instances.spec_of_row import address_spec_of


def of(instance: Instance, scope: Scope) -> Reach:
    """Say where to connect and as whom: the user of the scope stands on every server."""
    user = acl.scope_user({scope}, ())
    password = acl.scope_passwords(instance.admin_password)[user]
    endpoint = driver(instance.provisioner).endpoint(address_spec_of(instance))
    server = Server(endpoint, user, password)
    return Reach(server=server, scope=scope, name=instance.name, slug=instance.slug)
