from django.db import migrations

from audit.filling import fill_chains


def forward(apps, schema_editor):
    fill_chains(apps.get_model("audit", "AuditEvent"), apps.get_model("audit", "AuditChain"))


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_places_in_a_chain"),
    ]

    operations = [
        # Backwards the columns go, and what is in them.
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
