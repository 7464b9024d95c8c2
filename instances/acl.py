"""Users and rules of one server's ACL: pure values in, ACL file text out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AclUser:
    """One line of an ACL file.

    ``password_sha256`` is the hex digest, so the file never holds a password.
    ``rules`` are ACL tokens such as ``~cache:*`` and ``+@read``; they work from left to right.
    """

    name: str
    password_sha256: str
    rules: tuple[str, ...]
