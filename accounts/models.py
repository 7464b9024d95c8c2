"""People."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person. They log in with their e-mail address; the username is what others see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_message="An account with this e-mail address exists already.",
            ),
        ]

    def __str__(self) -> str:
        return self.username


class SharedValue(models.Model):
    """A value of the cache that all processes share; its key is a digest."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    expires_at = models.FloatField(db_index=True)
    """In seconds since 1970."""

    def __str__(self) -> str:
        return self.key


class RefreshToken(models.Model):
    """A program's right to fetch new access tokens; only its fingerprint is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")
    fingerprint = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"refresh token of {self.user_id}"
