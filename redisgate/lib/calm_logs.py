"""What Django would say too loudly: of strangers a line and no traceback, and nothing twice."""

import logging
import math
from http import HTTPStatus
from time import monotonic


class OneLine(logging.Filter):
    """Lower an error to a warning, in the words of its exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True


class UnlessUnavailable(logging.Filter):
    """Leave out answers that we give on purpose: whoever gives them says why, and not each time."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE


class Seldom(logging.Filter):
    """Let one line through in so many seconds, where a library says the same again and again."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._said_at = -math.inf

    def filter(self, record: logging.LogRecord) -> bool:
        now = monotonic()
        if now - self._said_at < self._seconds:
            return False
        self._said_at = now
        return True
