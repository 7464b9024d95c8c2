"""The platform's own system checks, for `manage.py check` and for each start."""

from collections.abc import Iterator, Sequence
from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, models

from redisgate.check_rules import RULES, Rule
from redisgate.lib.fields import EncryptedTextField
from redisgate.lib.serving import KEYS, SETTINGS

WRONG_KEYS = Rule(
    "redisgate.E004",
    "What the database holds was sealed with keys that are missing here: these are not the keys of "
    "this platform, and passwords of instances can't be read.",
    "Put your copy of keyring.json back into DATA_DIR, or set ENCRYPTION_KEYS to the platform's.",
    lambda _settings: not all(map(_opens, _sealed_fields())),
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
    return [WRONG_KEYS.issue()] if WRONG_KEYS.is_broken(settings) else []


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
        return True  # no such table yet, or nobody answers: nothing to be said about keys
    return True
