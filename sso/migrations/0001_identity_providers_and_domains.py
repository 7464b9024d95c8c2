import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import redisgate.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0001_organizations_and_memberships"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="identity_provider",
                        serialize=False,
                        to="orgs.organization",
                    ),
                ),
                (
                    "protocol",
                    models.CharField(
                        choices=[("oidc", "OpenID Connect"), ("saml", "SAML")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("issuer", models.CharField(max_length=500)),
                ("client_id", models.CharField(blank=True, max_length=190)),
                ("client_secret", redisgate.lib.fields.EncryptedTextField(blank=True)),
                ("sign_in_url", models.CharField(blank=True, max_length=500)),
                ("certificate", models.TextField(blank=True)),
                ("addresses_are_managed", models.BooleanField(default=False)),
                (
                    "default_role",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("developer", "Developer"),
                            ("viewer", "Viewer"),
                        ],
                        default="viewer",
                        max_length=16,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("off", "Off"), ("optional", "Offered"), ("required", "Required")],
                        default="off",
                        max_length=16,
                    ),
                ),
                ("connected_at", models.DateTimeField()),
                ("tested_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("protocol__in", ["oidc", "saml"])),
                        name="sso_protocol_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("default_role__in", ["admin", "developer", "viewer"])),
                        name="sso_nobody_joins_as_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "off"),
                            models.Q(
                                ("mode__in", ["off", "optional", "required"]),
                                ("tested_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sso_tested_before_use",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=253)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_domains",
                        to="orgs.organization",
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "name"), name="sso_domain_claimed_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("approved_at__isnull", False)),
                        fields=("name",),
                        name="sso_domain_of_one_organization",
                    ),
                ],
            },
        ),
    ]
