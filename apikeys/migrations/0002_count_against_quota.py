from django.db import migrations

from quotas.triggers import keep_count


class Migration(migrations.Migration):
    dependencies = [
        ("apikeys", "0001_keys"),
        ("quotas", "0002_row_for_each_organization"),
    ]

    operations = keep_count(
        table="apikeys_apikey",
        counts={"api_keys_used": "1"},
        while_="{row}.revoked_at IS NULL",
    )
