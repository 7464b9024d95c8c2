import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("organization_id", models.UUIDField(null=True)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(max_length=254)),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("dashboard", "dashboard"),
                            ("api", "api"),
                            ("key", "key"),
                            ("command", "command"),
                            ("system", "system"),
                        ],
                        max_length=16,
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("organization.create", "Organization Create"),
                            ("organization.update", "Organization Update"),
                            ("organization.delete", "Organization Delete"),
                            ("quota.update", "Quota Update"),
                            ("instance.create", "Instance Create"),
                            ("instance.start", "Instance Start"),
                            ("instance.stop", "Instance Stop"),
                            ("instance.restart", "Instance Restart"),
                            ("instance.delete", "Instance Delete"),
                            ("api_key.create", "Api Key Create"),
                            ("api_key.revoke", "Api Key Revoke"),
                        ],
                        max_length=64,
                    ),
                ),
                ("object_id", models.UUIDField()),
                ("object_label", models.CharField(max_length=200)),
                ("changes", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("-at",),
                "indexes": [
                    models.Index(fields=["organization_id", "-at"], name="audit_by_organization")
                ],
            },
        ),
    ]
