import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def new_id():
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """Programs log in once more: tokens of before belong to no family."""

    dependencies = [
        ("accounts", "0005_shared_values"),
    ]

    operations = [
        migrations.DeleteModel(name="RefreshToken"),
        migrations.CreateModel(
            name="TokenFamily",
            fields=[
                ("id", new_id()),
                ("client", models.CharField(blank=True, max_length=200)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("renewed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="token_families",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-renewed_at", "id"),
                "verbose_name_plural": "token families",
            },
        ),
        migrations.CreateModel(
            name="RefreshToken",
            fields=[
                ("id", new_id()),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="accounts.tokenfamily",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.refreshtoken",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="refreshtoken",
            constraint=models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(used_at=None),
                name="accounts_refreshtoken_one_good_in_a_family",
            ),
        ),
    ]
