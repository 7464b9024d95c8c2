"""The job that hands one message to the mail server.

Delivery is at least once: a worker that is killed between the server's yes and the end of its job
delivers again, under the same Message-ID.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from jobs.retries import Retries
from jobs.tasks import job
from mail import letters, smtp_refusals
from mail.printing import PrintingBackend

PRINTED = "printed here, not sent: EMAIL_URL names no mail server"

log = logging.getLogger("redisgate.mail")


class Undelivered(Exception):
    """The mail server is the trouble, or what it thinks of us: a later attempt may do."""


class Refused(Exception):
    """The server doesn't take this very mail, now or later."""


# With these pauses a server may be away for about a day.
A_DAY = Retries(
    attempts=34,
    first_pause=timedelta(seconds=2),
    longest_pause=timedelta(hours=1),
    on=(Undelivered,),
)


@job(retries=A_DAY)
def deliver(sealed: str) -> None:
    """Deliver a letter. Raises Undelivered, Refused."""
    message = letters.unseal(sealed)
    connection = message.connection = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    try:
        message.send()
    except OSError as error:  # smtplib's own are of this kind
        kind = Refused if smtp_refusals.is_permanent(error) else Undelivered
        # Without the server's words, which quote addresses.
        raise kind(f"{_name(message)}: {smtp_refusals.cause(error)}") from None
    is_printed = isinstance(connection, PrintingBackend)
    log.info("%s is %s", _name(message), PRINTED if is_printed else "delivered")


def _name(message: EmailMultiAlternatives) -> str:
    """Name a message in the log: by its id and where it goes, not by whom it is for."""
    domains = sorted({address.rpartition("@")[2].rstrip(">") for address in message.recipients()})
    return f"mail {message.extra_headers[letters.MESSAGE_ID]} to {', '.join(domains)}"
