from django.db import migrations

from quotas.triggers import begin_with_default_plan

BUILT_IN = {"instances": 5, "memory_mb": 2048, "api_keys": 10}


def give_default_plan(apps, schema_editor):
    """Let everybody have the limits they had: what differs from the plan is an override."""
    plan = apps.get_model("quotas", "Plan").objects.create(name="Default", is_default=True)
    quotas = apps.get_model("quotas", "InstanceQuota").objects
    for resource, limit in BUILT_IN.items():
        for quota in quotas.exclude(**{f"{resource}_limit": limit}).iterator():
            override = {f"{resource}_override": getattr(quota, f"{resource}_limit")}
            quotas.filter(pk=quota.pk).update(**override)
    quotas.update(plan=plan)


def take_plans_away(apps, schema_editor):
    apps.get_model("quotas", "InstanceQuota").objects.update(
        plan=None, instances_override=None, memory_mb_override=None, api_keys_override=None
    )
    apps.get_model("quotas", "Plan").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("quotas", "0003_plans"),
    ]

    operations = [
        *begin_with_default_plan(),
        migrations.RunPython(give_default_plan, take_plans_away),
    ]
