"""Who may vouch for an organization's people, and for which addresses."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from orgs.models import Organization
from orgs.roles import Role
from redisgate.lib.fields import EncryptedTextField

ROLES = [(role.value, role.label) for role in Role if role is not Role.OWNER]
"""What somebody may become by signing in; nobody becomes an owner like that."""


class Protocol(models.TextChoices):
    OIDC = "oidc", "OpenID Connect"
    SAML = "saml", "SAML"


class Mode(models.TextChoices):
    """Whether people may sign in through the provider, or must."""

    OFF = "off", "Off"
    OPTIONAL = "optional", "Offered"
    REQUIRED = "required", "Required"


class IdentityProvider(models.Model):
    """An organization's identity provider.

    ``issuer`` is a SAML provider's entity id. ``connected_at`` is since when the connection is as
    it is, ``tested_at`` when somebody last tried it out like that.
    """

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="identity_provider"
    )
    protocol = models.CharField(max_length=8, choices=Protocol.choices)
    name = models.CharField(max_length=40)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=190, blank=True)
    client_secret = EncryptedTextField(blank=True)
    sign_in_url = models.CharField(max_length=500, blank=True)
    certificate = models.TextField(blank=True)
    addresses_are_managed = models.BooleanField(default=False)
    default_role = models.CharField(max_length=16, choices=ROLES, default=Role.VIEWER)
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.OFF)
    connected_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(protocol__in=Protocol.values), name="sso_protocol_known"
            ),
            models.CheckConstraint(
                condition=Q(default_role__in=[value for value, _ in ROLES]),
                name="sso_nobody_joins_as_owner",
            ),
            models.CheckConstraint(
                condition=Q(mode=Mode.OFF) | Q(mode__in=Mode.values, tested_at__isnull=False),
                name="sso_tested_before_use",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Name the provider in addresses and in django-allauth's rows."""
        return key_of(self.organization_id)


class Domain(models.Model):
    """A domain of email addresses that an organization says is its own.

    It counts once an operator has approved it, and then for one organization alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="email_domains"
    )
    name = models.CharField(max_length=253)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="sso_domain_claimed_once"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(approved_at__isnull=False),
                name="sso_domain_of_one_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def key_of(organization: uuid.UUID) -> str:
    return f"org-{organization.hex}"
