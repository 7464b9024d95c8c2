"""What a failed delivery means, and how much of it may be told."""

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

FIRST_PERMANENT = 500
ABOUT_US = (SMTPConnectError, SMTPHeloError, SMTPAuthenticationError, SMTPSenderRefused)
"""Refusals of the platform, whatever it sends: an operator can mend them."""


def is_permanent(error: OSError) -> bool:
    """Say whether trying again is no use: the server has refused this very mail (RFC 5321, 5yz)."""
    codes = _codes(error)
    is_about_us = isinstance(error, ABOUT_US)
    return bool(codes) and min(codes) >= FIRST_PERMANENT and not is_about_us


def cause(error: OSError) -> str:
    """Tell what happened in the server's codes; its words would quote addresses."""
    if not isinstance(error, SMTPException):
        return str(error)
    return " ".join([type(error).__name__, *map(str, _codes(error))])


def _codes(error: OSError) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return sorted({code for code, _ in error.recipients.values()})
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []
