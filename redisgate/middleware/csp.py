"""Content-Security-Policy, by the setting that Django 6 reads itself: then this file goes away."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest

from redisgate.lib.around import Steps, around

HEADER = "Content-Security-Policy"


def policy() -> str:
    return policy_of(settings.SECURE_CSP)


def policy_of(directives: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(
        f"{directive} {' '.join(sources)}" for directive, sources in directives.items()
    )


@around
def content_security_policy(request: HttpRequest) -> Steps:
    """Allow our own files and nothing else: no inline script, no foreign origin."""
    response = yield
    response.headers.setdefault(HEADER, policy())
