"""Messages on their way through the database, sealed: their links open accounts."""

import json
from email.utils import formatdate, make_msgid

from django.core.mail import DNS_NAME, EmailMessage, EmailMultiAlternatives

from redisgate.lib import crypto

FIELDS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to")
MESSAGE_ID = "Message-ID"


def seal(message: EmailMessage) -> str:
    """Encrypt a message with everything that its delivery needs.

    It gets its id and date now, so that one that arrives twice can be told to be one.
    """
    if message.attachments:
        raise ValueError("A mail with attachments can't be queued: link to the file instead.")
    letter = {name: getattr(message, name) for name in FIELDS}
    letter["headers"] = {
        MESSAGE_ID: make_msgid(domain=DNS_NAME),
        "Date": formatdate(),
        **message.extra_headers,
    }
    letter["subtype"] = message.content_subtype
    letter["alternatives"] = [list(each) for each in getattr(message, "alternatives", ())]
    return crypto.encrypt(json.dumps(letter, default=str))  # subjects may be lazily translated


def unseal(sealed: str) -> EmailMultiAlternatives:
    """Make the message again. Raises cryptography.fernet.InvalidToken."""
    letter = json.loads(crypto.decrypt_once(sealed))
    subtype = letter.pop("subtype")
    message = EmailMultiAlternatives(**letter)
    message.content_subtype = subtype
    return message
