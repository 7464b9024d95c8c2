from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_families_of_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="shown_name",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
    ]
