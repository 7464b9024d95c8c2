"""Let machines ask by address how it is: kubelet and Prometheus know pods by nothing else.

A page on somebody's site that makes a browser ask us under a name of its own is still refused,
because that name is no address.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from redisgate.lib.around import Steps, around

FOR_MACHINES = ("/health", "/metrics", "/version")


@around
def answer_by_address(request: HttpRequest) -> Steps:
    """Take any address for one of ALLOWED_HOSTS where the answer doesn't depend on it."""
    if request.path_info.startswith(FOR_MACHINES) and _is_address(request.META.get("HTTP_HOST")):
        request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc
    yield


def _is_address(host: str | None) -> bool:
    domain, _ = split_domain_port(host or "")
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True
