import django.db.models.deletion
from django.db import migrations, models

import redisgate.lib.fields
from quotas.triggers import keep_count
from redisgate.lib.sql_by_vendor import SQLByVendor

COUNT = keep_count(
    table="instances_instance",
    counts={"instances_used": "1", "memory_mb_used": "{row}.memory_mb"},
)
POSITIVE = "instances_instance_memory_positive"


def sealed():
    return redisgate.lib.fields.EncryptedTextField(default="", editable=False)


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0007_settings_and_passwords"),
        ("quotas", "0002_row_for_each_organization"),
    ]

    operations = [
        # SQLite rebuilds the table and loses its triggers, on the way back too.
        *(SQLByVendor(each.backward, each.forward) for each in COUNT),
        migrations.RemoveConstraint(model_name="instance", name=POSITIVE),
        migrations.AddConstraint(
            model_name="instance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("memory_mb__gte", 1), ("provisioner", "external"), _connector="OR"
                ),
                name=POSITIVE,
            ),
        ),
        *COUNT,
        migrations.CreateModel(
            name="TheirServer",
            fields=[
                (
                    "instance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="their_server",
                        serialize=False,
                        to="instances.instance",
                    ),
                ),
                ("host", models.CharField(max_length=253)),
                ("port", models.PositiveIntegerField()),
                ("user", models.CharField(max_length=128)),
                ("password", sealed()),
                ("database", models.PositiveIntegerField(default=0)),
                ("is_tls", models.BooleanField(default=False)),
                ("ca_pem", models.TextField(blank=True, default="")),
                ("server_name", models.CharField(blank=True, default="", max_length=253)),
                ("certificate_pem", models.TextField(blank=True, default="")),
                ("key_pem", sealed()),
                ("manages_users", models.BooleanField(default=False)),
                ("findings", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField()),
            ],
        ),
    ]
