from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_shown_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="had_organization",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
