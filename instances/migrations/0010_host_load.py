from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("instances", "0009_held")]

    operations = [
        migrations.AddField("host", "load", models.FloatField(null=True)),
        migrations.AddField("host", "processors", models.PositiveIntegerField(null=True)),
        migrations.AddField("host", "duties", models.JSONField(null=True)),
    ]
