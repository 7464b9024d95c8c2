"""Sign tokens with a new key from now on."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apikeys.models import ApiKey
from redisgate.lib import keyring
from redisgate.lib.env import BadSetting

ADDED = """\
New tokens are signed with {kid} once the platform is restarted. Nothing ends: what was signed with
{older} goes on.

On one machine: restart when you like; its processes know {kid} already.
On several: copy {path} to all of them first, then restart them one after the other.
Keep a new copy of the file with your backups: your old one doesn't open what {kid} signs."""

DROPPED = """\
{kid} is dropped. Copy {path} to all machines and restart all of them: until then they go on
trusting it. Programs whose access token it signed fetch a new one; API keys that it signed have
ended."""

GIVEN = """\
The keys of this platform are given by SIGNING_KEYS, so nothing is changed here. This is a new one:

{kid}:{secret}

Add it at the end of SIGNING_KEYS on all machines and restart them, so that each knows it. Then move
it to the front and restart them again: it signs from then on, and nothing ends that was signed
before."""

WARNING = """\
API keys in force: {keys}. Those that {kid} has signed would end at once, and RedisGate keeps no
key's text, so it can't name them: make all that are older than {kid}'s successor anew first. After
a leak there is no other way: add --really."""


class Command(BaseCommand):
    help = "Add a key that signs access tokens and API keys; all before it still verify."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drop", metavar="KID", help="trust this key no more, after a leak")
        parser.add_argument(
            "--really", action="store_true", help="drop it although API keys may end with it"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            words = (
                self._drop(options["drop"], is_sure=options["really"])
                if options["drop"]
                else self._add()
            )
        except BadSetting as error:
            raise CommandError(str(error)) from error
        self.stdout.write(words)

    def _add(self) -> str:
        if settings.SIGNING_KEYS_ARE_GIVEN:
            kid, secret = keyring.fresh_signing_key(len(settings.SIGNING_KEYS) + 1)
            return GIVEN.format(kid=kid, secret=secret)
        older = [kid for kid, _ in keyring.load_or_create(settings.KEYRING_FILE).signing_keys]
        kid = keyring.add_signing_key(settings.KEYRING_FILE)
        return ADDED.format(kid=kid, older=", ".join(older), path=settings.KEYRING_FILE)

    def _drop(self, kid: str, *, is_sure: bool) -> str:
        if settings.SIGNING_KEYS_ARE_GIVEN:
            raise CommandError(f"Nothing is kept here: take {kid} out of SIGNING_KEYS, everywhere.")
        keys = ApiKey.objects.active().count()
        if keys and not is_sure:
            raise CommandError(WARNING.format(keys=keys, kid=kid))
        keyring.drop_signing_key(settings.KEYRING_FILE, kid)
        return DROPPED.format(kid=kid, path=settings.KEYRING_FILE)
