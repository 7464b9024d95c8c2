"""The platform's own system checks, for `manage.py check` and for each start."""

from collections.abc import Iterator, Sequence
from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, Error, connection, models

from redisgate.check_rules import RULES, Rule
from redisgate.lib import direct_database
from redisgate.lib.fields import EncryptedTextField
from redisgate.lib.serving import KEYS, SETTINGS

WRONG_KEYS = Rule(
    "redisgate.E004",
    "What the database holds was sealed with keys that are missing here: these are not the keys of "
    "this platform, and passwords of instances can't be read.",
    "Put your copy of keyring.json back into DATA_DIR, or set ENCRYPTION_KEYS to the platform's.",
    lambda _settings: not all(map(_opens, _sealed_fields())),
)
UNSEEN_DATABASE = Rule(
    "redisgate.W010",
    "The database can't be asked, so nobody knows whether the keys here open what it holds.",
    "Check DATABASE_URL and that the database server runs, then check again.",
    lambda _settings: bool(_why_unseen()),
)


@checks.register(SETTINGS)
def settings_fit(**_: Any) -> list[checks.CheckMessage]:
    return [rule.issue() for rule in RULES if rule.is_broken(settings)]


@checks.register(KEYS, checks.Tags.database)
def keys_open_what_is_sealed(
    databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    if not databases:
        return []
    if reason := _why_unseen():
        rule = UNSEEN_DATABASE
        return [checks.Warning(f"{rule.message} ({reason})", hint=rule.hint, id=rule.id)]
    return [WRONG_KEYS.issue()] if WRONG_KEYS.is_broken(settings) else []


def _why_unseen() -> str:
    """Say why the database can't be read; an empty one can."""
    try:
        connection.introspection.table_names()
    except Error as error:
        return direct_database.reason(error)
    return ""


def _sealed_fields() -> Iterator[EncryptedTextField]:
    for model in apps.get_models():
        yield from (each for each in model._meta.fields if isinstance(each, EncryptedTextField))


def _opens(field: EncryptedTextField) -> bool:
    """Open a row at either end: a key that was lost, or dropped too early, fails on one of them."""
    model: type[models.Model] = field.model
    rows = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    try:
        for order in ("pk", "-pk"):
            rows.order_by(order).first()
    except InvalidToken:
        return False
    except DatabaseError:
        return True  # no such table yet: nothing to be said about keys
    return True
