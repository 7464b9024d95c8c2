"""Operators that a command makes."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def test_operator_of_a_command_needs_no_mail_to_log_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_EMAIL_VERIFICATION", "mandatory")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long pass phrase")
    names = {"email": "op@example.com", "username": "operator"}
    call_command("createsuperuser", interactive=False, verbosity=0, **names)
    login = {"login": "op@example.com", "password": "a long pass phrase"}
    assert client.post("/accounts/login/", login).status_code == 302
    assert client.get("/admin/").status_code == 200
