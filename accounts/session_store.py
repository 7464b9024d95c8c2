"""Django's sessions: kept in the database, read from copies in the platform's Redis.

While that Redis is away they are read from the database, and nobody notices.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db

from accounts import session_copies


class SessionStore(db.SessionStore):
    """Its name is part of what signs a session, and is Django's own."""

    def load(self) -> dict[str, Any]:
        seen = session_copies.look(self.session_key) if self.session_key else None
        if seen is not None and (data := seen.data) is not None:
            return self.decode(data)
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        if row is None:
            return {}
        if seen is not None:
            session_copies.keep(seen, row.session_data, row.expire_date)
        return self.decode(row.session_data)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None or must_create:  # nobody else knows its key yet
            super().save(must_create=must_create)
            return
        with session_copies.changing(self.session_key):
            super().save()

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key is not None:
            with session_copies.changing(session_key):
                super().delete(session_key)

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    async def asave(self, must_create: bool = False) -> None:
        await sync_to_async(self.save)(must_create=must_create)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
