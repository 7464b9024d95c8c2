"""Say which requests to the command API took long: by their command, never with its arguments."""

from gateway.about import about
from gateway.counting import PATH, Answered
from gateway.headers import name_asked_for
from observability import slow

WAITS_ON_PURPOSE = b"redisgate-block"


def tell(answered: Answered, what: str, seconds: float) -> None:
    """Log such a request once; ``what`` is what it is counted as."""
    call, principal, target, response = answered
    head = call.head
    if WAITS_ON_PURPOSE in head.headers:
        return
    fields = about(principal, target)
    if name := name_asked_for(head.headers):
        fields["request_id"] = name
    slow.tell(head.method, PATH, response.status, round(seconds * 1000), command=what, **fields)
