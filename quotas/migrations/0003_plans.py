import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from redisgate.lib.sql_by_vendor import SQLByVendor


def on_the_way_back(pragma):
    """Run on SQLite alone: it makes the table anew there, while triggers of others speak of it."""
    nothing = {"sqlite": [], "postgresql": []}
    return SQLByVendor(nothing, {**nothing, "sqlite": [pragma]})


class Migration(migrations.Migration):
    dependencies = [
        ("quotas", "0002_row_for_each_organization"),
    ]

    operations = [
        on_the_way_back("PRAGMA legacy_alter_table = OFF"),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("price", models.CharField(blank=True, max_length=60)),
                ("instances_limit", models.PositiveIntegerField(default=5)),
                ("memory_mb_limit", models.PositiveIntegerField(default=2048)),
                ("api_keys_limit", models.PositiveIntegerField(default=10)),
                ("rate_limit", models.PositiveIntegerField(default=100)),
                ("is_default", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="quotas_plan_name_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="quotas_plan_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate_limit__gte", 1)),
                        name="quotas_plan_rate_limit_positive",
                    ),
                ],
            },
        ),
        # Null, because for any other new column SQLite makes the table anew.
        migrations.AddField(
            model_name="instancequota",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotas",
                to="quotas.plan",
            ),
        ),
        migrations.AddField(
            model_name="instancequota",
            name="instances_override",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="instancequota",
            name="memory_mb_override",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="instancequota",
            name="api_keys_override",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        on_the_way_back("PRAGMA legacy_alter_table = ON"),
    ]
