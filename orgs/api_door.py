"""How the management API enters an organization."""

from accounts.actors import actor_of, person
from audit.actors import Actor, Means
from orgs.access import Access, enter
from orgs.roles import Permission
from redisgate.lib.private_view import PrivateView


class OrganizationDoor(PrivateView):
    """For views of what an organization owns; ``org`` in the address is its id."""

    accepts_management_keys = True

    def enter(self, permission: Permission) -> Access:
        return enter(person(self.request), self.kwargs["org"], permission)

    def actor(self) -> Actor:
        return actor_of(self.request, Means.API)
