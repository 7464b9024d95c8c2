"""How mail leaves."""

from redisgate.lib.env import mail_address, page_or_mailbox
from redisgate.settings.place import env

_mail = env.parsed(
    "EMAIL_URL",
    "consolemail://",
    mail_address,
    "smtp+tls://user:password@mail.example.com:587, or consolemail:// to print mail in the log",
    is_secret=True,
)
EMAIL_BACKEND = "mail.backend.QueueBackend"  # the worker delivers
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starts_tls, _mail.is_tls
EMAIL_TIMEOUT = 10  # seconds; less than a worker may take to stop
HAS_MAIL_SERVER = bool(EMAIL_HOST)
EMAIL_DELIVERY_BACKEND = _mail.backend if HAS_MAIL_SERVER else "mail.printing.PrintingBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "RedisGate <redisgate@localhost>")
OPERATOR_CONTACT = env.parsed(
    "OPERATOR_CONTACT", "", page_or_mailbox, "an email address or https://example.com/help"
)
