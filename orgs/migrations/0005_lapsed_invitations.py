"""Links also end because whoever sent them may not invite any more."""

from django.db import migrations, models

ENDINGS = [
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
    ("lapsed", "Lapsed"),
    ("replaced", "Replaced"),
    ("expired", "Expired"),
    ("deleted", "Organization Deleted"),
]


class Migration(migrations.Migration):
    dependencies = [("orgs", "0004_suspension")]

    operations = [
        migrations.AlterField(
            model_name="endedinvitation",
            name="ending",
            field=models.CharField(choices=ENDINGS, max_length=16),
        ),
    ]
