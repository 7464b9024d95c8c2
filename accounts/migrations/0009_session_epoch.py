from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_had_organization")]

    operations = [
        migrations.CreateModel(
            name="SessionEpoch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
            ],
        ),
    ]
