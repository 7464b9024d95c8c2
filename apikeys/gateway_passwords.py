"""How the platform itself logs in to servers as a key.

Usually with the token that came in, as a native client does. A key with networks has no native
access, because no ACL looks at addresses: its users on servers have passwords that follow from
its secrets and from the platform's own, and are known here alone.
"""

from collections.abc import Collection

from django.utils.crypto import salted_hmac

from instances import acl

SALT = "apikeys.gateway_passwords"


def password_of(fingerprint: str, *, token: str, networks: Collection[str]) -> str:
    """Give the password of the key's user for one of its secrets."""
    return _own(fingerprint) if networks else token


def sha256_of(fingerprint: str, *, networks: Collection[str]) -> str:
    """Hash that password the way servers want it, without knowing the token."""
    return acl.sha256(_own(fingerprint)) if networks else fingerprint


def _own(fingerprint: str) -> str:
    return salted_hmac(SALT, fingerprint, algorithm="sha256").hexdigest()
