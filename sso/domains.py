"""Email addresses and the domains they belong to. Pure: no row, no network."""

import re

LONGEST = 253
PUBLIC = frozenset(
    {"163.com", "aol.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net"}
    | {"googlemail.com", "hey.com", "hotmail.com", "icloud.com", "live.com", "mac.com", "mail.com"}
    | {"mail.ru", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me", "protonmail.com"}
    | {"qq.com", "t-online.de", "tuta.com", "tutanota.com", "web.de", "yahoo.com", "yandex.com"}
    | {"yandex.ru", "zoho.com"}
)
"""Where anybody gets an address, so that no organization speaks for it."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def read(text: str) -> str:
    """Return a domain in its usual form, or raise ValueError in words."""
    name = text.strip().lower().removeprefix("@").removesuffix(".")
    labels = name.split(".")
    if len(labels) < 2 or len(name) > LONGEST or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(
            "Write a domain such as acme.example, without @ and in ASCII (xn--… for other letters)."
        )
    if name in PUBLIC:
        raise ValueError(
            f"Anybody can have an address at {name}, so no organization can speak for it."
        )
    return name


def of_address(address: str) -> str:
    """Return the domain of an address; empty where the address isn't plain ASCII with one @.

    Letters of other alphabets can look and compare like ASCII ones, and so name somebody else.
    """
    local, _, domain = address.partition("@")
    is_plain = address.isascii() and address.isprintable() and " " not in address
    return domain.lower() if is_plain and local and "@" not in domain else ""
