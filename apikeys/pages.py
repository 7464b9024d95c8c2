"""What the pages of API keys have in common."""

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import person
from instances.access import instances_of
from instances.models import Instance
from instances.states import Wish
from orgs.access import Access, enter
from orgs.roles import Permission


def enter_page(request: HttpRequest, org: str, permission: Permission) -> Access:
    return enter(person(request), org, permission)


def page_context(access: Access, **more: object) -> dict[str, object]:
    return {
        "organization": access.organization,
        "section": "apikeys",
        "may_create": access.may(Permission.API_KEY_CREATE),
        "may_edit": access.may(Permission.API_KEY_EDIT),
        "may_revoke": access.may(Permission.API_KEY_REVOKE),
        **more,
    }


def usable_instances(access: Access) -> QuerySet[Instance]:
    usable = instances_of(access).exclude(wish=Wish.DELETED)
    return usable.only("id", "name", "slug", "port", "organization_id")
