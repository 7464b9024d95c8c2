"""Mail where there is no mail server: in the log of the worker, for the operator to read."""

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class PrintingBackend(EmailBackend):
    """Print the text of a mail; its HTML says the same."""

    def write_message(self, message: EmailMessage) -> None:
        to = ", ".join(message.recipients())
        self.stream.write(f"To: {to}\nSubject: {message.subject}\n\n{message.body}\n{'-' * 79}\n")
