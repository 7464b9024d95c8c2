"""What the texts of settings mean. Each parser raises ValueError for what it can't use."""

import ipaddress
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ

NO_REDIS = "none"

MAIL_PORTS = {"consolemail": 0, "smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
"""What an address of a mail server may begin with, and the port it means without one."""

HTTP_HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]+[ \t]*=[ \t]*[ !#-+\--:<-\[\]-~]*", re.ASCII)
"""What OpenTelemetry takes for one: a value has no quote, comma, semicolon or backslash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes; ``starts_tls`` begins in the clear, ``is_tls`` is encrypted throughout."""

    backend: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    starts_tls: bool
    is_tls: bool


def port_range(value: str) -> range:
    """Parse ``20000-29999``, both ends included."""
    first, _, last = value.partition("-")
    ports = range(int(first), int(last) + 1)
    if not ports or ports[0] < 1024 or ports[-1] > 65535:
        raise ValueError(value)
    return ports


def bind_address(value: str) -> str:
    """Parse an address to listen on: an IP address or ``localhost``."""
    if value == "localhost":
        return value
    return str(ipaddress.ip_address(value.strip("[]")))


def networks(value: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Parse addresses and networks, separated by commas."""
    words = [word.strip() for word in value.split(",")]
    return tuple(ipaddress.ip_network(word) for word in words if word)


def proxies(value: str) -> list[str]:
    """Parse addresses and networks of proxies; all of the world can't be one."""
    found = networks(value)
    if any(network.prefixlen == 0 for network in found):
        raise ValueError(value)
    return [word.strip() for word in value.split(",") if word.strip()]


def web_address(value: str) -> str:
    """Parse the address of a site, such as ``https://redis.example.com``, without its last /."""
    url = urlsplit(value)
    is_bare = url.path in {"", "/"} and not (url.query or url.fragment or "@" in url.netloc)
    if url.scheme not in {"http", "https"} or not url.hostname or not is_bare:
        raise ValueError(value)
    _ = url.port  # raises ValueError where it is no number
    return value.rstrip("/")


def redis_address(value: str) -> str:
    """Parse the address of a Redis, ``none`` included; empty stands for no word about it."""
    if value in {"", NO_REDIS}:
        return value
    url = urlsplit(value)
    place = url.path if url.scheme == "unix" else url.hostname
    if url.scheme not in {"redis", "rediss", "unix"} or not place:
        raise ValueError(value)
    _ = url.port
    # Clients take anything else than a number for database 0, without a word.
    database_number(parse_qs(url.query).get("db", [""])[0])
    database_number("" if url.scheme == "unix" else url.path.strip("/"))
    return value


def database_number(value: str) -> str:
    """Parse the number of a Redis database; empty stands for none."""
    if value and not (value.isascii() and value.isdigit()):
        raise ValueError(value)
    return value


def host_name(value: str) -> str:
    """Parse the name or the IP address of a machine; empty stands for none."""
    if value and not re.fullmatch(r"[A-Za-z0-9_.:-]+", value):
        raise ValueError(value)
    return value


def database_address(value: str) -> dict[str, Any]:
    """Parse the address of a SQLite or PostgreSQL database into Django's form."""
    if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ValueError(value)
    address: dict[str, Any] = environ.Env.db_url_config(value)
    if not address.get("NAME"):
        raise ValueError(value)
    return address


def mail_address(value: str) -> MailServer:
    """Parse the address of a mail server; ``consolemail://`` prints mail instead."""
    url = urlsplit(value)
    if url.scheme not in MAIL_PORTS or bool(url.hostname) == (url.scheme == "consolemail"):
        raise ValueError(value)
    parsed: dict[str, Any] = environ.Env.email_url_config(value)
    return MailServer(
        backend=parsed["EMAIL_BACKEND"],
        host=parsed["EMAIL_HOST"] or "",
        port=url.port or MAIL_PORTS[url.scheme],
        user=parsed["EMAIL_HOST_USER"] or "",
        password=parsed["EMAIL_HOST_PASSWORD"] or "",
        starts_tls=url.scheme == "smtp+tls",
        is_tls=url.scheme == "smtp+ssl",
    )


def warnings(value: str) -> list[str]:
    """Parse the ids of warnings, separated by commas."""
    ids = [word.strip() for word in value.split(",") if word.strip()]
    if not all(re.fullmatch(r"\w+\.W\d+", each) for each in ids):
        raise ValueError(value)
    return ids


def long_secret(value: str) -> str:
    """Parse a secret that nobody finds by trying; empty stands for none."""
    if value and len(value) < 32:
        raise ValueError("a secret")
    return value


def program(value: str) -> str:
    """Parse a path, or a name on PATH, of something that can be run; empty stands for none."""
    if not value:
        return ""
    found = shutil.which(value)
    if found is None:
        raise ValueError(value)
    return found


def readable_file(value: str) -> str:
    """Parse the path of a file that this account can read; empty stands for none."""
    if value and not (Path(value).is_file() and os.access(value, os.R_OK)):
        raise ValueError(value)
    return value and str(Path(value).absolute())


def optional_web_page(value: str) -> str:
    """Parse the address of a page, ``http://`` or ``https://``; empty stands for none."""
    url = urlsplit(value)
    if value and (url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc):
        raise ValueError(value)
    return value


def http_headers(value: str) -> str:
    """Parse ``name=value,name=value``, as OpenTelemetry has it; empty stands for none."""
    headers = [header.strip() for header in value.split(",")]
    if not all(HTTP_HEADER.fullmatch(header) for header in headers if header):
        raise ValueError("secrets")
    return value


def page_or_mailbox(value: str) -> str:
    """Parse a page's address, or an email address into ``mailto:``; empty stands for none."""
    if "://" in value or not value:
        return optional_web_page(value)
    name, at, domain = value.partition("@")
    if not (name and at and domain) or re.search(r"[^\w.+@-]", value):
        raise ValueError(value)
    return f"mailto:{value}"


def page_or_file(value: str) -> str:
    """Parse the address of a page or the path of a file; empty stands for none."""
    return optional_web_page(value) if "://" in value else readable_file(value)


def tracker_address(value: str) -> str:
    """Parse the address (DSN) that an error tracker gives a project; empty stands for none."""
    url = urlsplit(value)
    is_whole = url.username and url.hostname and url.path.strip("/")
    if value and (url.scheme not in {"http", "https"} or not is_whole):
        raise ValueError(value)
    return value
