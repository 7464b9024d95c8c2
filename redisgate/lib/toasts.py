"""A refusal for htmx: words that pop up, while the page stays as it is."""

import json

from django.http import HttpResponse

from redisgate.lib import request_id
from redisgate.lib.errors import RedisGateError


def toast(error: RedisGateError) -> HttpResponse:
    """Answer htmx with words and leave the page as it is."""
    words = {"level": "danger", "title": error.title, "message": error.message}
    event = {"toast": {**words, "reference": request_id.current()}}
    headers = {"HX-Trigger": json.dumps(event), "HX-Reswap": "none", **error.retry_headers}
    return HttpResponse(status=error.status, headers=headers)
