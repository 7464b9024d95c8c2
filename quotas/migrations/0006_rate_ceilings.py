"""What a plan's keys may run at most; the plan that was there from the beginning sets no bound."""

from django.db import migrations, models

MOST = 100_000


def leave_the_first_plan_open(apps, schema_editor):
    plans = apps.get_model("quotas", "Plan").objects
    plans.filter(name="Default", is_default=True).update(rate_limit_most=MOST)


class Migration(migrations.Migration):
    dependencies = [("quotas", "0005_notices")]

    operations = [
        # Null, because for any other new column SQLite makes the table anew, without its triggers.
        migrations.AddField(
            model_name="plan",
            name="rate_limit_most",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="instancequota",
            name="rate_limit_override",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(leave_the_first_plan_open, migrations.RunPython.noop),
    ]
