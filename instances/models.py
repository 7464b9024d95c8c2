"""Servers: the wish of people on one side, what the control loop saw on the other."""

import secrets
import uuid
from enum import StrEnum

from django.db import models
from django.db.models.functions import Lower

from instances.presets import Purpose
from instances.spec import EvictionPolicy, Persistence
from instances.states import Health, Status, Wish
from orgs.models import Organization
from redisgate.lib.fields import EncryptedTextField

PROCESS, SIMULATED = "process", "simulated"
EXTERNAL = "external"
"""The provisioner of servers that somebody else runs; such a row has a ``their_server``."""


def new_password() -> str:
    return secrets.token_urlsafe(32)


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.capitalize()) for word in words]


class Instance(models.Model):
    """One Redis-compatible server of one organization."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="instances"
    )
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    memory_mb = models.PositiveIntegerField()
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    eviction_policy = models.CharField(
        max_length=16, choices=[(p.value, p.value) for p in EvictionPolicy]
    )
    persistence = models.CharField(max_length=16, choices=[(p.value, p.value) for p in Persistence])
    expires_at = models.DateTimeField(null=True, blank=True)
    password = EncryptedTextField(default=new_password, editable=False)
    password_version = models.PositiveIntegerField(default=1)
    """Counts passwords of the user ``default``, so that a second press doesn't make another."""
    former_password = EncryptedTextField(default="", editable=False)
    former_password_until = models.DateTimeField(null=True, blank=True)
    admin_password = EncryptedTextField(default=new_password, editable=False)
    port = models.PositiveIntegerField(unique=True)
    provisioner = models.CharField(max_length=16, default=PROCESS)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # The wish: written by services, read by the control loop.
    wish = models.CharField(max_length=8, choices=_choices(Wish), default=Wish.RUNNING)
    restart_wish = models.PositiveIntegerField(default=0)
    """Counts restarts that people asked for; the loop restarts until it has caught up."""
    acl_wish = models.PositiveIntegerField(default=1)
    """Counts changes of the users that may log in; the loop applies until it has caught up."""

    settings_wish = models.PositiveIntegerField(default=0)
    """Counts changes of memory, eviction policy and persistence; the loop applies them."""

    # The observation: written by the control loop alone.
    status = models.CharField(max_length=8, choices=_choices(Status), default=Status.PENDING)
    status_at = models.DateTimeField(auto_now_add=True)
    status_detail = models.TextField(blank=True)
    health = models.CharField(max_length=9, choices=_choices(Health), default=Health.UNKNOWN)
    restart_done = models.PositiveIntegerField(default=0)
    acl_done = models.PositiveIntegerField(default=0)
    acl_valid_until = models.DateTimeField(null=True, blank=True)
    """When the first of the applied users expires and the list must be applied again."""
    settings_done = models.PositiveIntegerField(default=0)
    settings_note = models.TextField(blank=True, default="")
    """How far the server is with changed settings, or why they couldn't be applied."""
    settings_failures = models.PositiveIntegerField(default=0)
    settings_try_at = models.DateTimeField(null=True, blank=True)
    crashes = models.PositiveIntegerField(default=0)
    """Crashes since ``crashes_since``; the reconciler says when it starts a new count."""
    crashes_since = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    driver_state = models.JSONField(default=dict)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"], name="instances_instance_slug_unique"
            ),
            models.UniqueConstraint(
                models.F("organization"),
                Lower("name"),
                condition=~models.Q(wish=Wish.DELETED),
                name="instances_instance_name_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(memory_mb__gte=1) | models.Q(provisioner=EXTERNAL),
                name="instances_instance_memory_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[each.value for each in Status]),
                name="instances_instance_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(wish__in=[each.value for each in Wish]),
                name="instances_instance_wish_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TheirServer(models.Model):
    """Where an instance's server is that somebody else runs, and the user that they gave us."""

    instance = models.OneToOneField(
        Instance, primary_key=True, on_delete=models.CASCADE, related_name="their_server"
    )
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    user = models.CharField(max_length=128)
    password = EncryptedTextField(default="", editable=False)
    database = models.PositiveIntegerField(default=0)
    is_tls = models.BooleanField(default=False)
    ca_pem = models.TextField(blank=True, default="")
    server_name = models.CharField(max_length=253, blank=True, default="")
    certificate_pem = models.TextField(blank=True, default="")
    key_pem = EncryptedTextField(default="", editable=False)
    manages_users = models.BooleanField(default=False)
    """The person has allowed us to make a user there for each API key."""
    findings = models.JSONField(default=dict)
    """What the check saw, by the names of ``external_check.Findings``."""
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class FirstConnection(models.Model):
    """Who was seen on an instance first, in words."""

    instance = models.OneToOneField(
        Instance, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    words = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words


class Held(models.Model):
    """An instance that ran when its organization was suspended, and runs again after that."""

    instance = models.OneToOneField(
        Instance, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.instance_id} is held"


class Lease(models.Model):
    """Who runs the control loop now. ``fence`` grows with every new holder."""

    name = models.CharField(primary_key=True, max_length=32)
    holder = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    fence = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} held by {self.holder}"


class Host(models.Model):
    """A machine that runs servers, as its controller has read it last."""

    name = models.CharField(primary_key=True, max_length=120)
    disk_free_mb = models.PositiveBigIntegerField()
    disk_total_mb = models.PositiveBigIntegerField()
    memory_free_mb = models.PositiveBigIntegerField()
    memory_total_mb = models.PositiveBigIntegerField()
    may_overcommit = models.BooleanField()
    load = models.FloatField(null=True)
    """How many processes wanted a processor on average of the last minute."""
    processors = models.PositiveIntegerField(null=True)
    duties = models.JSONField(null=True)
    """When each duty of its controller came round last, as ISO 8601 by name."""
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
