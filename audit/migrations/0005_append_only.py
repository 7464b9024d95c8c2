import hashlib
import secrets

from django.db import migrations, models

from audit.triggers import append_only

NEWEST_FIRST = ("-at", "-sequence")
INDEXES = {
    "audit_newest": (),
    "audit_by_organization": ("organization_id",),
    "audit_by_actor": ("organization_id", "actor_id"),
    "audit_by_object": ("organization_id", "object_id"),
    "audit_by_action": ("organization_id", "action"),
    "audit_by_type": ("organization_id", "object_type"),
    "audit_by_means": ("organization_id", "means"),
}


def make_lock(apps, schema_editor):
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    apps.get_model("audit", "AuditLock").objects.create(id=1, digest=digest, secret=secret)


def remove_lock(apps, schema_editor):
    apps.get_model("audit", "AuditLock").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_chain_what_is_there"),
    ]

    operations = [
        migrations.AlterField("auditevent", "sequence", models.PositiveBigIntegerField()),
        migrations.AlterModelOptions("auditevent", {"ordering": NEWEST_FIRST}),
        *[
            migrations.AddIndex(
                "auditevent", models.Index(fields=[*fields, *NEWEST_FIRST], name=name)
            )
            for name, fields in INDEXES.items()
        ],
        migrations.AddConstraint(
            "auditevent",
            models.UniqueConstraint(
                fields=["organization_id", "sequence"], name="audit_sequence_in_organization"
            ),
        ),
        migrations.AddConstraint(
            "auditevent",
            models.UniqueConstraint(
                condition=models.Q(("organization_id", None)),
                fields=["sequence"],
                name="audit_sequence_of_platform",
            ),
        ),
        migrations.RunPython(make_lock, remove_lock),
        *append_only(),
    ]
