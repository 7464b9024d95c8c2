from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0006_uses_of_secrets"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="is_quiet",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="warned_days",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="apikey",
            index=models.Index(fields=["expires_at"], name="apikeys_apikey_by_end"),
        ),
    ]
