import uuid

import django.utils.timezone
from django.db import migrations, models

import redisgate.lib.fields
from audit.actors import Means
from audit.triggers import lock_tables


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_actions_from_the_code"),
    ]

    operations = [
        migrations.RemoveIndex("auditevent", "audit_by_organization"),
        migrations.AlterField(
            "auditevent", "at", models.DateTimeField(default=django.utils.timezone.now)
        ),
        # Asked for when it runs, as actions are.
        migrations.AlterField(
            "auditevent",
            "means",
            models.CharField(choices=[(m.value, m.value) for m in Means], max_length=16),
        ),
        migrations.AddField("auditevent", "sequence", models.PositiveBigIntegerField(null=True)),
        migrations.AddField(
            "auditevent",
            "request_id",
            models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            "auditevent",
            "object_type",
            models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditevent",
            "hash",
            models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("chain_id", models.UUIDField()),
                ("first_sequence", models.PositiveBigIntegerField()),
                ("last_sequence", models.PositiveBigIntegerField()),
                ("last_hash", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=200)),
                ("file_sha256", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("chain_id", "last_sequence"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["chain_id", "last_sequence"], name="audit_sealed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLock",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=64)),
                ("secret", redisgate.lib.fields.EncryptedTextField()),
            ],
            options={"managed": False, "db_table": "audit_lock"},
        ),
        *lock_tables(),
    ]
