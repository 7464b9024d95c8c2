"""Let somebody back in who has lost phone, passkeys and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import second_factor
from accounts.models import User
from audit.actors import Actor, Means
from redisgate.lib.units import counted


class Command(BaseCommand):
    help = (
        "Remove all second factors of a person who can't log in any more. Make sure that it is "
        "really them who asks: from then on the password opens the account alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that they log in with")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"Nobody logs in with {email}. Check the address.")
        operator = Actor(user_id=None, label="manage.py", means=Means.COMMAND)
        number = second_factor.remove_all(operator, user)
        what = counted(number, "second factor")
        self.stdout.write(f"{user.email} had {what}, and logs in with the password alone now.")
