from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0004_find_old_usage"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="networks",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="former_fingerprint",
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="former_hint",
            field=models.CharField(editable=False, max_length=24, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="former_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="rotated_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
