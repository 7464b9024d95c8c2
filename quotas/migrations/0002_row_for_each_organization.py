from django.db import migrations

from quotas.triggers import make_row_for_each


class Migration(migrations.Migration):
    dependencies = [
        ("quotas", "0001_instance_quotas"),
        ("orgs", "0001_organizations_and_memberships"),
    ]

    operations = make_row_for_each(table="orgs_organization")
