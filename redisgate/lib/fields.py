"""Model fields that every room may use."""

from typing import Any

from django.db import models

from redisgate.lib import crypto


class EncryptedTextField(models.TextField[str, str]):
    """Text that is plain in Python and sealed in the database; it can't be searched.

    Empty text stays empty, so that the database can tell that there is none.
    """

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return crypto.decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return crypto.encrypt(prepared) if prepared else prepared
