from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0003_name_once_per_organization"),
    ]

    operations = [
        migrations.CreateModel(
            name="Host",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("disk_free_mb", models.PositiveBigIntegerField()),
                ("disk_total_mb", models.PositiveBigIntegerField()),
                ("memory_free_mb", models.PositiveBigIntegerField()),
                ("memory_total_mb", models.PositiveBigIntegerField()),
                ("may_overcommit", models.BooleanField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
    ]
