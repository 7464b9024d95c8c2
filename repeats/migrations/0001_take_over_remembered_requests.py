from django.db import migrations, models

import redisgate.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [("gateway", "0002_requests_are_remembered_by_a_room_of_their_own")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="RememberedRequest",
                    fields=[
                        (
                            "name",
                            models.CharField(max_length=64, primary_key=True, serialize=False),
                        ),
                        ("caller", models.CharField(max_length=64)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("owner", models.CharField(max_length=32)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("answered", "Answered"),
                                    ("not_kept", "Answered, with more than is kept"),
                                ],
                                default="running",
                                max_length=10,
                            ),
                        ),
                        ("deadline_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(db_index=True)),
                        ("reply", redisgate.lib.fields.EncryptedTextField(default="")),
                        ("reply_bytes", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["caller", "expires_at", "reply_bytes"],
                                name="remembered_by_caller",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
