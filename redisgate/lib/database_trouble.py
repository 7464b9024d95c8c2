"""Why the database can't be used, in the words of whoever refused."""

from django.db import Error, connection


def reason(error: Exception) -> str:
    """Give one line; a pool only knows that nobody gave it a connection, so ask once without."""
    return " ".join(str(_direct() or error).split()).rstrip(".?")


def _direct() -> Exception | None:
    if connection.vendor != "postgresql":
        return None
    connect = connection.Database.connect  # type: ignore[attr-defined]  # drivers have it
    try:
        with connection.wrap_database_errors:
            connect(**connection.get_connection_params()).close()
    except Error as refusal:
        return refusal
    return None
