"""Mail where there is no mail server: in the log of the worker, for the operator to read."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

from redisgate.lib.redaction import AsItIs

log = logging.getLogger("redisgate.printed_mail")


class PrintingBackend(EmailBackend):
    """Print the text of a mail; its HTML says the same."""

    def write_message(self, message: EmailMessage) -> None:
        to, body = ", ".join(message.recipients()), message.body
        if settings.LOG_FORMAT == "json":
            # With its links: from here alone somebody can open them.
            about = {"to": to, "subject": message.subject, "body": AsItIs(body)}
            log.info("There is no mail server, so here is the mail.", extra=about)
        else:
            self.stream.write(f"To: {to}\nSubject: {message.subject}\n\n{body}\n{'-' * 79}\n")
