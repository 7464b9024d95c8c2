"""`manage.py createsuperuser`: Django's own, with words where the platform has never run."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError
from django.db import Error

from accounts import email_addresses
from accounts.models import User
from redisgate.lib import migrations

NOT_PREPARED = (
    "The database of this platform isn't prepared yet. Start the platform once with `make run` and "
    "the same DATA_DIR or DATABASE_URL, or run `manage.py migrate`; then run this again."
)
AWAY = "The database doesn't answer. Check DATABASE_URL, and that the server there runs."


class Command(createsuperuser.Command):
    help = "Make an operator: asks for email address, username and password."

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Refuse with the way out before Django asks anything."""
        try:
            is_behind = migrations.is_behind()
        except Error as error:
            raise CommandError(AWAY) from error
        if is_behind:
            raise CommandError(NOT_PREPARED)
        known = set(User.objects.values_list("pk", flat=True))
        told = super().execute(*args, **options)
        # Whoever runs commands here needs no mail to prove an address, and mail may not work yet.
        for user in User.objects.filter(is_superuser=True).exclude(pk__in=known):
            email_addresses.take_word_for(user)
        return told
