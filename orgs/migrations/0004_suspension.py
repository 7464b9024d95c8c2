from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0003_deleting"),
    ]

    operations = [
        # Null, because for any other new column SQLite makes the table anew, without its triggers.
        migrations.AddField(
            model_name="organization",
            name="suspended_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="suspended_for",
            field=models.CharField(blank=True, editable=False, max_length=300, null=True),
        ),
    ]
