"""Mail goes through the job queue, so that no page waits for a mail server."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from mail import letters, urgency
from mail.delivery import deliver


class QueueBackend(BaseEmailBackend):
    """Write each message down as a job; the worker hands it to EMAIL_DELIVERY_BACKEND.

    The job belongs to the transaction that is under way: what is rolled back is never told.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            deliver.using(priority=urgency.of(message)).enqueue(letters.seal(message))
        return len(email_messages)
