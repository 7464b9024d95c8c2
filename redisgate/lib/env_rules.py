"""Settings that fit each other, or end the start with one sentence."""

import importlib.util
from urllib.parse import urlsplit

from redisgate.lib.env import BadSetting


def refuse_own_instance(address: str, *, hosts: set[str], ports: range) -> None:
    """Refuse an instance of this platform as the platform's own Redis.

    It isn't there yet when the platform starts. ``quickstart`` prints its address under the very
    name REDIS_URL, for programs.
    """
    url = urlsplit(address)
    if url.hostname in hosts and url.port in ports:
        raise BadSetting(
            f"REDIS_URL points to an instance of this platform (port {url.port}), and the platform "
            "can't keep its own data there: take the line out of RedisGate's .env, "
            "or `unset REDIS_URL`. It belongs to your program."
        )


def require_tls_together(certificate: str, key: str, program: str) -> None:
    """Refuse half a pair, and TLS for the bundled server, which has none."""
    if bool(certificate) != bool(key):
        raise BadSetting("INSTANCE_TLS_CERT and INSTANCE_TLS_KEY belong together: set both.")
    if certificate and not program:
        raise BadSetting(
            "INSTANCE_TLS_CERT needs a server with TLS, and the bundled one has none: name a "
            "valkey-server or redis-server with TLS in INSTANCE_BINARY, or leave it empty."
        )


def require_sso_together(
    issuer: str, client_id: str, client_secret: str, metadata: str, domains: list[str]
) -> None:
    """Refuse half a connection, and a provider that may speak for nobody in particular."""
    if issuer and not (client_id and client_secret):
        raise BadSetting(
            "SSO_OIDC_ISSUER needs SSO_OIDC_CLIENT_ID and SSO_OIDC_CLIENT_SECRET: "
            "the provider makes them for RedisGate."
        )
    if (issuer or metadata) and not domains:
        raise BadSetting(
            "SSO_DOMAINS is missing: name the domains of email addresses that the identity "
            "provider may speak for, such as example.com, or * for every address."
        )


def require_installed(module: str, setting: str, requirements: str) -> None:
    """Refuse a setting that needs an extra which isn't there."""
    try:
        is_there = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # a package above it is missing
        is_there = False
    if not is_there:
        extra = requirements.removeprefix("requirements-").removesuffix(".txt")
        raise BadSetting(
            f"{setting} needs packages that are not installed: run `.venv/bin/pip install -r "
            f"{requirements}`, build the image with EXTRAS={extra}, or take {setting} out of the "
            "settings."
        )
