"""Let the past be lived through: services that ask for the time are told an earlier one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def ago(**distance: float) -> Iterator[datetime]:
    """Be this long before now; the distance is given as to ``timedelta``."""
    moment = timezone.now() - timedelta(**distance)
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment
