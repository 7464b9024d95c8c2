from django.db import migrations, models

from audit.actions import Action


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_events"),
    ]

    operations = [
        # Asked for when it runs: a word more in the vocabulary is no change of the table.
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(choices=Action.choices, max_length=64),
        ),
    ]
