from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0003_usage_by_hour"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="keyusage",
            index=models.Index(fields=["hour"], name="apikeys_keyusage_by_hour"),
        ),
    ]
