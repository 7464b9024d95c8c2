import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_organizations_and_memberships"),
    ]

    operations = [
        migrations.CreateModel(
            name="InstanceQuota",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="quota",
                        serialize=False,
                        to="orgs.organization",
                    ),
                ),
                ("instances_limit", models.PositiveIntegerField(db_default=5, default=5)),
                (
                    "instances_used",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False),
                ),
                ("memory_mb_limit", models.PositiveIntegerField(db_default=2048, default=2048)),
                (
                    "memory_mb_used",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False),
                ),
                ("api_keys_limit", models.PositiveIntegerField(db_default=10, default=10)),
                (
                    "api_keys_used",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
            ],
            options={
                "db_table": "instance_quotas",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("instances_used__lte", models.F("instances_limit"))),
                        name="instance_quotas_instances_within_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("memory_mb_used__lte", models.F("memory_mb_limit"))),
                        name="instance_quotas_memory_mb_within_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("api_keys_used__lte", models.F("api_keys_limit"))),
                        name="instance_quotas_api_keys_within_limit",
                    ),
                ],
            },
        ),
    ]
