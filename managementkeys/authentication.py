"""`Authorization: Bearer rgm_…` on the management API."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.mandates import Mandate
from accounts.models import User
from managementkeys.models import ManagementKey
from managementkeys.services import PREFIX
from redisgate.lib import log_context, tokens

NOTED = timedelta(minutes=1)
"""How old "last used" may be; more exact would be a write for each request."""


class ManagementKeyAuthentication(BaseAuthentication):
    """Know the person in whose name a program came, and what limits it."""

    def authenticate(self, request: Request) -> tuple[User, Mandate] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token.startswith(PREFIX):
            return None
        key = _key_of(token)
        view = request.parser_context["view"]
        if not getattr(view, "accepts_management_keys", False):
            raise PermissionDenied(
                "A management key opens its organization alone. Here, sign in as yourself.",
                code="management_key_not_accepted",
            )
        log_context.bind(key=key.hint, organization=key.organization_id, person=key.created_by_id)
        _note_use(key, request.META.get("REMOTE_ADDR") or None)
        user, mandate = key.created_by, _mandate_of(key)
        assert user is not None
        user.mandate = mandate
        user.is_staff = user.is_superuser = False  # for this request: keys don't run the platform
        return user, mandate

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="RedisGate"'


def _key_of(token: str) -> ManagementKey:
    keys = ManagementKey.objects.select_related("created_by")
    key = keys.filter(fingerprint=tokens.fingerprint(token)).first()
    if key is None or key.created_by is None or not key.created_by.is_active:
        raise AuthenticationFailed(
            "This management key opens nothing. Ask an admin of the organization for another.",
            code="management_key_unknown",
        )
    if key.status != "active":
        raise AuthenticationFailed(
            f"This management key is {key.status}. Ask an admin of the organization for another.",
            code=f"management_key_{key.status}",
        )
    return key


def _mandate_of(key: ManagementKey) -> Mandate:
    return Mandate(key_id=key.pk, name=key.name, organization_id=key.organization_id, role=key.role)


def _note_use(key: ManagementKey, address: str | None) -> None:
    now = timezone.now()
    is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED)
    if key.last_used_at is None or key.last_used_at < now - NOTED:
        rows = ManagementKey.objects.filter(is_old, pk=key.pk)
        rows.update(last_used_at=now, last_used_from=address)
