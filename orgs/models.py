"""Tenants, and who belongs to them."""

import uuid
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils import timezone

from orgs.roles import Role


class Status(StrEnum):
    """What an organization is."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETING = "deleting"


class Organization(models.Model):
    """A tenant. Everything that people make here belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Null, because for any other new column SQLite makes the table anew, without its triggers.
    deleting_since = models.DateTimeField(null=True, editable=False)
    """When somebody wished it gone; the row follows once nothing is left in it."""
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_for = models.CharField(max_length=300, null=True, blank=True, editable=False)  # noqa: DJ001
    """Why, in an operator's words for the members."""
    first_command_at = models.DateTimeField(null=True, editable=False)
    """When somebody's command was first answered well; never changed after that."""
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="organizations"
    )

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> Status:
        if self.deleting_since is not None:
            return Status.DELETING
        return Status.SUSPENDED if self.is_suspended else Status.ACTIVE

    @property
    def is_deleting(self) -> bool:
        return self.status is Status.DELETING

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class Membership(models.Model):
    """One person's role in one organization."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="orgs_membership_once_per_person"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="orgs_membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.organization_id}"


class Invitation(models.Model):
    """An open invitation. One that has ended has no row: `EndedInvitation` says how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField()
    """In lower case, so that the constraint below sees what is the same."""
    role = models.CharField(max_length=16, choices=Role.choices)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    """Of the token in the newest link; the token itself is in the mail alone."""
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"], name="orgs_invitation_once_per_address"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="orgs_invitation_role_known"
            ),
        ]

    token: str = ""
    """Of the link that was made just now, for whoever asked for it; no row has it."""

    def __str__(self) -> str:
        return f"{self.email} as {self.role} of {self.organization_id}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class Ending(models.TextChoices):
    """How an invitation's link came to open nothing."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    EXPIRED = "expired"
    ORGANIZATION_DELETED = "deleted"


class EndedInvitation(models.Model):
    """What to tell whoever still follows a link. It names neither person nor organization."""

    fingerprint = models.CharField(primary_key=True, max_length=64)
    ending = models.CharField(max_length=16, choices=Ending.choices)
    ended_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.ending


class SentInvitation(models.Model):
    """One mail of the last hour, for counting. It outlives its organization, or a new one would
    bring new mails."""

    organization_id = models.UUIDField()
    sender_id = models.UUIDField(null=True)
    address = models.CharField(max_length=64)
    """Fingerprint of the email address."""
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"mail of {self.organization_id} at {self.sent_at}"
