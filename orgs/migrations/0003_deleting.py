from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0002_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="deleting_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
