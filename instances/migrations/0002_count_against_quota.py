from django.db import migrations

from quotas.triggers import keep_count


class Migration(migrations.Migration):
    dependencies = [
        ("instances", "0001_instances_and_lease"),
        ("quotas", "0002_row_for_each_organization"),
    ]

    operations = keep_count(
        table="instances_instance",
        counts={"instances_used": "1", "memory_mb_used": "{row}.memory_mb"},
    )
