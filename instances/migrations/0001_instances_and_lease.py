import uuid

import django.db.models.deletion
from django.db import migrations, models

import instances.models
import redisgate.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_organizations_and_memberships"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=120)),
                ("expires_at", models.DateTimeField()),
                ("fence", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Instance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("slug", models.SlugField(max_length=60)),
                ("memory_mb", models.PositiveIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[("cache", "Cache"), ("store", "Store")], max_length=8
                    ),
                ),
                (
                    "eviction_policy",
                    models.CharField(
                        choices=[
                            ("noeviction", "noeviction"),
                            ("allkeys-lru", "allkeys-lru"),
                            ("allkeys-lfu", "allkeys-lfu"),
                            ("volatile-lru", "volatile-lru"),
                            ("volatile-lfu", "volatile-lfu"),
                            ("volatile-ttl", "volatile-ttl"),
                            ("allkeys-random", "allkeys-random"),
                            ("volatile-random", "volatile-random"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "persistence",
                    models.CharField(
                        choices=[("aof", "aof"), ("snapshot", "snapshot"), ("none", "none")],
                        max_length=16,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "password",
                    redisgate.lib.fields.EncryptedTextField(
                        default=instances.models.new_password, editable=False
                    ),
                ),
                (
                    "admin_password",
                    redisgate.lib.fields.EncryptedTextField(
                        default=instances.models.new_password, editable=False
                    ),
                ),
                ("port", models.PositiveIntegerField(unique=True)),
                ("provisioner", models.CharField(default="process", max_length=16)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "wish",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("deleted", "Deleted"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("restart_wish", models.PositiveIntegerField(default=0)),
                ("acl_wish", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("creating", "Creating"),
                            ("running", "Running"),
                            ("stopping", "Stopping"),
                            ("stopped", "Stopped"),
                            ("error", "Error"),
                            ("deleting", "Deleting"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("status_at", models.DateTimeField(auto_now_add=True)),
                ("status_detail", models.TextField(blank=True)),
                (
                    "health",
                    models.CharField(
                        choices=[
                            ("healthy", "Healthy"),
                            ("unhealthy", "Unhealthy"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=9,
                    ),
                ),
                ("restart_done", models.PositiveIntegerField(default=0)),
                ("acl_done", models.PositiveIntegerField(default=0)),
                ("acl_valid_until", models.DateTimeField(blank=True, null=True)),
                ("crashes", models.PositiveIntegerField(default=0)),
                ("crashes_since", models.DateTimeField(blank=True, null=True)),
                ("next_try_at", models.DateTimeField(blank=True, null=True)),
                ("driver_state", models.JSONField(default=dict)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "slug"), name="instances_instance_slug_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("memory_mb__gte", 1)),
                        name="instances_instance_memory_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "pending",
                                    "creating",
                                    "running",
                                    "stopping",
                                    "stopped",
                                    "error",
                                    "deleting",
                                ],
                            )
                        ),
                        name="instances_instance_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wish__in", ["running", "stopped", "deleted"])),
                        name="instances_instance_wish_known",
                    ),
                ],
            },
        ),
    ]
