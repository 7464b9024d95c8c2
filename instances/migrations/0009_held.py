import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0008_first_connection"),
        ("orgs", "0004_suspension"),
    ]

    operations = [
        migrations.CreateModel(
            name="Held",
            fields=[
                (
                    "instance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="instances.instance",
                    ),
                ),
            ],
        ),
    ]
