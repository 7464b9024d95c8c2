"""People."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from accounts.mandates import Mandate


class User(AbstractUser):
    """A person. They log in with their email address; the username is what others see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address")
    shown_name = models.CharField(max_length=80, blank=True)

    had_organization = models.BooleanField(default=False, editable=False)
    """They left one, were removed, or it was deleted: none makes itself for them any more."""

    vouchers: Mapping[str, float] = MappingProxyType({})
    """Identity providers that signed in the session this person came with, and when; no column."""

    mandate: Mandate | None = None
    """What limits this person for one request: they didn't come themselves, a key of theirs did."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_message="An account with this email address exists already.",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        """What others read: the name that the person chose to show, or the username."""
        return self.shown_name or self.username


class SharedValue(models.Model):
    """A value of the cache that all processes share; its key is a digest."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    expires_at = models.FloatField(db_index=True)
    """In seconds since 1970."""

    def __str__(self) -> str:
        return self.key


class SessionEpoch(models.Model):
    """One row: which copies of sessions count, see `accounts.session_epoch`."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class TokenFamily(models.Model):
    """One log-in of a program: a chain of refresh tokens, of which only the last is good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_families")
    client = models.CharField(max_length=200, blank=True)
    """What the program called itself when it logged in."""
    address = models.CharField(max_length=45, blank=True)
    """Where it last came from."""
    created_at = models.DateTimeField(auto_now_add=True)
    renewed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-renewed_at", "id")
        verbose_name_plural = "token families"

    def __str__(self) -> str:
        return f"tokens of {self.user_id}"


class RefreshToken(models.Model):
    """A program's right to fetch new access tokens; only its fingerprint is kept.

    Used ones stay until their time is over, so that a second use is noticed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="tokens")
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    """The token that was exchanged for this one."""
    fingerprint = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(used_at=None),
                name="accounts_refreshtoken_one_good_in_a_family",
            ),
        ]

    def __str__(self) -> str:
        return f"refresh token of {self.family_id}"
