"""Model fields that every room may use."""

from typing import Any

from django.db import models

from redisgate.lib import crypto


class EncryptedTextField(models.TextField[str, str]):
    """Text that is plain in Python and sealed in the database; it can't be searched."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return None if value is None else crypto.decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return None if prepared is None else crypto.encrypt(prepared)
