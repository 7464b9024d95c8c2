"""The database, asked past the pool, which only knows that nobody gave it a connection."""

from django.db import Error, connection


def ask() -> None:
    """Ask over a connection made for it. Raises Django's database errors."""
    if connection.vendor == "postgresql":
        connect = connection.Database.connect  # type: ignore[attr-defined]  # drivers have it
        with (
            connection.wrap_database_errors,
            connect(**connection.get_connection_params()) as direct,
        ):
            direct.execute("SELECT 1")
        return
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def complaint(error: Exception) -> str:
    """Begin the sentence that tells an operator what keeps a command from the database."""
    return (
        f"The database can't be used: {reason(error)}. Check DATABASE_URL and that the database "
        "server runs"
    )


def reason(error: Exception) -> str:
    """Give one line that says why the database failed, in the words of whoever refused."""
    try:
        ask()
    except Error as refusal:
        error = refusal
    return words_of(error)


def words_of(error: Exception) -> str:
    """Put what was said into one line, without the questions that libpq asks below its reason."""
    lines = [line.strip() for line in str(error).splitlines()]
    statements = [line for line in lines if not line.endswith("?")]
    return " ".join(" ".join(statements or lines).split()).rstrip(".?")
