"""X-Request-ID: accepted where it is sane, made where it is missing, echoed always.

With it begin the scope in which the log is told what a request is about, and its place in a trace.
"""

from django.http import HttpRequest

from redisgate.lib import log_context, request_id, trace_context
from redisgate.lib.around import Steps, around


@around
def request_ids(request: HttpRequest) -> Steps:
    """Give each request a name that whoever looks for it later can quote."""
    asked = request.headers.get(request_id.HEADER)
    trace = request.headers.get(trace_context.HEADER)
    with log_context.scope(), trace_context.continued(trace), request_id.named(asked) as name:
        response = yield
    response.headers[request_id.HEADER] = name
