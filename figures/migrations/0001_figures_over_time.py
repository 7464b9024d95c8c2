import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("instances", "0007_settings_and_passwords"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnCost",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("instance_id", models.UUIDField()),
                ("process", models.CharField(max_length=120)),
                ("bytes_in", models.PositiveIntegerField()),
                ("bytes_out", models.PositiveIntegerField()),
                ("commands", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("step", models.PositiveIntegerField()),
                ("start", models.BigIntegerField()),
                ("points", models.BinaryField()),
                ("is_rolled_up", models.BooleanField(default=False)),
                ("fence", models.BigIntegerField()),
                (
                    "instance",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="instances.instance",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["step", "start"], name="figures_chunk_by_age"),
                    models.Index(
                        condition=models.Q(("is_rolled_up", False), ("step", 10)),
                        fields=["start"],
                        name="figures_chunk_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("instance", "step", "start"), name="figures_chunk_unique"
                    )
                ],
            },
        ),
    ]
