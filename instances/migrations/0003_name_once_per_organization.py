import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0002_count_against_quota"),
        ("orgs", "0001_organizations_and_memberships"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="instance",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("wish", "deleted"), _negated=True),
                name="instances_instance_name_unique",
            ),
        ),
    ]
