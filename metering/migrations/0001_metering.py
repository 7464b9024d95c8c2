import django.db.models.deletion
from django.db import migrations, models

from metering.triggers import keep_intervals


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0004_suspension"),
        ("instances", "0009_held"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedMonth",
            fields=[
                ("first_day", models.DateField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Interval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("instance_id", models.UUIDField()),
                ("instance_name", models.CharField(max_length=80)),
                ("memory_mb", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "started_at"], name="metering_interval_by_org"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("instance_id",),
                        name="metering_interval_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyUsage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                ("instance_id", models.UUIDField()),
                ("instance_name", models.CharField(max_length=80)),
                ("running_ms", models.BigIntegerField()),
                ("memory_mb_ms", models.BigIntegerField()),
                ("requests", models.BigIntegerField()),
                ("commands", models.BigIntegerField()),
                ("errors", models.BigIntegerField()),
                ("bytes_in", models.BigIntegerField()),
                ("bytes_out", models.BigIntegerField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "first_day", "instance_id"),
                        name="metering_monthlyusage_once",
                    )
                ],
            },
        ),
        *keep_intervals(),
    ]
