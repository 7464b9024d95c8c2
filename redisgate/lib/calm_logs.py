"""What Django would say too loudly: of strangers a line and no traceback, and nothing twice."""

import logging
from http import HTTPStatus


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
