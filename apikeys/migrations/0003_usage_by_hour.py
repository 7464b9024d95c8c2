import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0002_count_against_quota"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="last_used_from",
            field=models.CharField(blank=True, max_length=45, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="last_used_with",
            field=models.CharField(blank=True, max_length=60, null=True),
        ),
        migrations.CreateModel(
            name="KeyUsage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("instance_id", models.UUIDField()),
                ("hour", models.DateTimeField()),
                ("requests", models.BigIntegerField(default=0)),
                ("commands", models.BigIntegerField(default=0)),
                ("errors", models.BigIntegerField(default=0)),
                ("bytes_in", models.BigIntegerField(default=0)),
                ("bytes_out", models.BigIntegerField(default=0)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="usage",
                        to="apikeys.apikey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "instance_id", "hour"), name="apikeys_keyusage_hour_unique"
                    )
                ],
            },
        ),
    ]
