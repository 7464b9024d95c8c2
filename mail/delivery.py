"""The job that hands one message to the mail server.

Delivery is at least once: a worker that is killed between the server's yes and the end of its job
delivers again, under the same Message-ID.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone
from django_tasks import task

from mail import letters, smtp_refusals
from mail.printing import PrintingBackend

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 34
"""With these pauses a server may be away for about a day."""

PRINTED = "printed here, not sent: EMAIL_URL names no mail server"

log = logging.getLogger("redisgate.mail")


@task()
def deliver(sealed: str, attempt: int = 1) -> None:
    """Deliver a letter, or queue it again for later where the server is the trouble."""
    message = letters.unseal(sealed)
    connection = message.connection = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    try:
        message.send()
    except OSError as error:  # smtplib's own are of this kind
        _go_on(sealed, attempt, message, error)
    else:
        is_printed = isinstance(connection, PrintingBackend)
        log.info("%s is %s", _name(message), PRINTED if is_printed else "delivered")


def pause_after(attempt: int) -> timedelta:
    """Say how long to wait after so many attempts: twice as long each time."""
    return min(FIRST_PAUSE * (1 << (attempt - 1)), LONGEST_PAUSE)


def _go_on(sealed: str, attempt: int, message: EmailMultiAlternatives, error: OSError) -> None:
    name, cause = _name(message), smtp_refusals.cause(error)
    if smtp_refusals.is_permanent(error):
        log.error("%s was refused for good: %s", name, cause)
    elif attempt >= MOST_ATTEMPTS:
        log.error("%s is given up after %d attempts: %s", name, attempt, cause)
    else:
        pause = pause_after(attempt)
        log.warning("%s waits %d s: %s", name, pause.total_seconds(), cause)
        deliver.using(run_after=timezone.now() + pause).enqueue(sealed, attempt + 1)


def _name(message: EmailMultiAlternatives) -> str:
    """Name a message in the log: by its id and where it goes, not by whom it is for."""
    domains = sorted({address.rpartition("@")[2].rstrip(">") for address in message.recipients()})
    return f"mail {message.extra_headers[letters.MESSAGE_ID]} to {', '.join(domains)}"
