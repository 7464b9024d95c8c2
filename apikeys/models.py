"""Keys with which programs reach instances."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apikeys import deadlines, scope_words
from instances.models import Instance
from orgs.models import Organization


class KeyStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def active(self) -> "ApiKeyQuerySet":
        """Keys that open something now: neither revoked nor past their time."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.unrevoked().filter(unexpired)

    def unrevoked(self) -> "ApiKeyQuerySet":
        return self.filter(revoked_at=None)

    def revoked(self) -> "ApiKeyQuerySet":
        return self.exclude(revoked_at=None)

    def expired(self) -> "ApiKeyQuerySet":
        """Keys that nobody revoked and whose time is over."""
        return self.unrevoked().filter(expires_at__lte=timezone.now())

    def with_status(self, status: KeyStatus) -> "ApiKeyQuerySet":
        match status:
            case KeyStatus.ACTIVE:
                return self.active()
            case KeyStatus.EXPIRED:
                return self.expired()
            case KeyStatus.REVOKED:
                return self.revoked()


class ApiKey(models.Model):
    """One key of one organization. The token is shown once and never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="api_keys"
    )
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    """Name of the key's ACL user on each of its instances, ``rg_`` and 12 hex digits."""
    hint = models.CharField(max_length=24, editable=False)
    """Last characters of the token, to recognise it in a list."""
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField()
    all_instances = models.BooleanField(default=True)
    instances = models.ManyToManyField(Instance, related_name="api_keys", blank=True)
    key_patterns = models.JSONField(default=list, blank=True)
    rate_limit = models.PositiveIntegerField(default=100)
    """Commands a second."""
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Null, here and below, because for any other new column SQLite makes the table anew, without
    # its triggers.
    networks = models.JSONField(null=True, blank=True)
    """Networks in CIDR notation that the key may be used from; none means any."""
    former_fingerprint = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    former_hint = models.CharField(max_length=24, null=True, editable=False)  # noqa: DJ001
    former_until = models.DateTimeField(null=True, editable=False)
    """Until when the secret before the present one works as well."""
    rotated_at = models.DateTimeField(null=True, editable=False)
    is_quiet = models.BooleanField(null=True, blank=True)
    """Nobody is written to before it expires."""
    warned_days = models.PositiveSmallIntegerField(null=True, editable=False)
    """The warning before the end that was the last to be sent, or needn't be sent any more."""
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.CharField(max_length=45, null=True, blank=True)  # noqa: DJ001
    """Address that the last request came from."""
    last_used_with = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001
    """What that client calls itself."""

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ("-created_at", "id")
        indexes = [models.Index(fields=["expires_at"], name="apikeys_apikey_by_end")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def end_level(self) -> str:
        """Give how near its end is, as a colour says it: far, warning, or danger."""
        if self.expires_at is None or self.revoked_at is not None:
            return "far"
        days = deadlines.due(self.expires_at, timezone.now())
        return "far" if days is None else "danger" if days == min(deadlines.DAYS) else "warning"

    @property
    def has_former_secret(self) -> bool:
        """Tell whether the secret before the present one still works."""
        return self.former_until is not None and self.former_until > timezone.now()

    @property
    def allowed_networks(self) -> tuple[str, ...]:
        return tuple(self.networks or ())

    @property
    def has_native_access(self) -> bool:
        """Tell whether its secret logs in to servers; no ACL looks at addresses."""
        return not self.networks

    @property
    def expiry_warnings(self) -> bool:
        return not self.is_quiet

    @property
    def scope_label(self) -> str:
        return scope_words.label_of(self.scopes)

    @property
    def is_active(self) -> bool:
        return self.status is KeyStatus.ACTIVE

    @property
    def status(self) -> KeyStatus:
        if self.revoked_at is not None:
            return KeyStatus.REVOKED
        return KeyStatus.EXPIRED if self.is_expired else KeyStatus.ACTIVE


class KeyUsage(models.Model):
    """What one key did on one instance over HTTP in one hour.

    The instance is an id alone, so that usage outlives it.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="usage")
    instance_id = models.UUIDField()
    hour = models.DateTimeField()
    requests = models.BigIntegerField(default=0)
    commands = models.BigIntegerField(default=0)
    errors = models.BigIntegerField(default=0)
    bytes_in = models.BigIntegerField(default=0)
    bytes_out = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "instance_id", "hour"], name="apikeys_keyusage_hour_unique"
            )
        ]
        indexes = [models.Index(fields=["hour"], name="apikeys_keyusage_by_hour")]

    def __str__(self) -> str:
        return f"{self.key_id} on {self.instance_id} at {self.hour:%Y-%m-%d %H:00}"


class SecretUse(models.Model):
    """Who used which of a rotated key's two secrets over HTTP, and when last."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="secret_uses")
    hint = models.CharField(max_length=24)
    """Which of the secrets, as lists show it."""
    address = models.CharField(max_length=45)
    client = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "hint", "address", "client"], name="apikeys_secretuse_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hint} from {self.address}"
