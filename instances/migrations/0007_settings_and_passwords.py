from django.db import migrations, models

import redisgate.lib.fields
from quotas.triggers import keep_count
from redisgate.lib.sql_by_vendor import SQLByVendor

COUNT = keep_count(
    table="instances_instance",
    counts={"instances_used": "1", "memory_mb_used": "{row}.memory_mb"},
)


def added(name, field):
    return migrations.AddField(model_name="instance", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0006_hosts"),
        ("quotas", "0002_row_for_each_organization"),
    ]

    operations = [
        # SQLite rebuilds the table and loses its triggers, on the way back too.
        *(SQLByVendor(each.backward, each.forward) for each in COUNT),
        added("password_version", models.PositiveIntegerField(default=1)),
        added(
            "former_password",
            redisgate.lib.fields.EncryptedTextField(default="", editable=False),
        ),
        added("former_password_until", models.DateTimeField(blank=True, null=True)),
        added("settings_wish", models.PositiveIntegerField(default=0)),
        added("settings_done", models.PositiveIntegerField(default=0)),
        added("settings_note", models.TextField(blank=True, default="")),
        added("settings_failures", models.PositiveIntegerField(default=0)),
        added("settings_try_at", models.DateTimeField(blank=True, null=True)),
        *COUNT,
    ]
