"""When an organization's first command came, read from the usage of its keys where there is any."""

from django.db import migrations, models
from django.db.models import F, Min


def from_usage(apps, schema_editor):
    """Usage is kept by the hour, so it says no more than the hour; no key is older than its use."""
    organization = apps.get_model("orgs", "Organization")
    usage = apps.get_model("apikeys", "KeyUsage").objects
    answered = usage.filter(commands__gt=F("errors"))
    rows = answered.order_by().values_list("key__organization", "key__created_at")
    first = {}
    for pk, made_at, hour in rows.annotate(Min("hour")):
        at = max(made_at, hour)
        first[pk] = min(first.get(pk, at), at)
    for pk, at in first.items():
        organization.objects.filter(pk=pk).update(first_command_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0005_lapsed_invitations"),
        ("apikeys", "0003_usage_by_hour"),
    ]

    operations = [
        # Null, because for any other new column SQLite makes the table anew, without its triggers.
        migrations.AddField(
            model_name="organization",
            name="first_command_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(from_usage, migrations.RunPython.noop),
    ]
