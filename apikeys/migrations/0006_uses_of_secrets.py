import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0005_networks_and_former_secret"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecretUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hint", models.CharField(max_length=24)),
                ("address", models.CharField(max_length=45)),
                ("client", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secret_uses",
                        to="apikeys.apikey",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "hint", "address", "client"),
                        name="apikeys_secretuse_unique",
                    )
                ],
            },
        ),
    ]
