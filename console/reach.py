"""From an instance and a scope to a server that a console can log in to."""

from console.link import Server
from console.no_permission import Rights
from console.terminal import Reach
from instances import acl
from instances.drivers import driver
from instances.models import Instance
from instances.spec_of_row import address_spec_of


def of(instance: Instance, held: Rights) -> Reach:
    """Say where to connect and as whom: the user of the scope stands on every server."""
    user = acl.scope_user({held.scope}, ())
    password = acl.scope_passwords(instance.admin_password)[user]
    endpoint = driver(instance.provisioner).endpoint(address_spec_of(instance))
    server = Server(endpoint, user, password)
    return Reach(server=server, held=held, name=instance.name)
