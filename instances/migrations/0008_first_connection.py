import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0005_external"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstConnection",
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
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
