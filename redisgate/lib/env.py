"""Read settings from the environment, and refuse nonsense with one sentence."""

import hashlib
import importlib.util
import ipaddress
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ

T = TypeVar("T")

LONGEST_SOCKET_DIRECTORY = 60
"""Bytes a run directory may take so that `<dir>/<32 hex>.sock` fits the kernel's 107."""


MAIL_PORTS = {"consolemail": 0, "smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
"""What an address of a mail server may begin with, and the port it means without one."""


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


class BadSetting(Exception):
    """A setting that can't work. The text names it, shows the way out, and is all one needs."""


class Environment:
    """The process environment, with types and refusals in words. Empty means not set."""

    def text(self, name: str, default: str = "") -> str:
        return os.environ.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "true" if default else "false").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise BadSetting(f"{name} must be true or false, not {value!r}.")

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise BadSetting(
                f"{name} must be a whole number from {least} to {most}, not {value!r}."
            )
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in options:
            raise BadSetting(f"{name} must be one of {', '.join(options)}, not {value!r}.")
        return value

    def parsed(
        self,
        name: str,
        default: str,
        parse: Callable[[str], T],
        expected: str,
        *,
        is_secret: bool = False,
    ) -> T:
        """Read a value through ``parse``; a ValueError becomes a sentence with ``expected``."""
        value = self.text(name, default)
        try:
            return parse(value)
        except ValueError:
            shown = "" if is_secret else f", not {value!r}"
            raise BadSetting(f"{name} must be {expected}{shown}.") from None

    def required(self, name: str, why: str) -> str:
        """Read a value that nobody can guess; ``why`` says what it is for, and how to get one."""
        if value := self.text(name):
            return value
        raise BadSetting(f"{name} is missing: {why}")


def load_dotenv(path: Path) -> None:
    """Add the settings of a ``.env`` file; what the environment holds already wins."""
    if path.is_file():
        environ.Env.read_env(str(path), overwrite=False)


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
    is_bare = url.path in {"", "/"} and not (url.query or url.fragment or url.username)
    if url.scheme not in {"http", "https"} or not url.hostname or not is_bare:
        raise ValueError(value)
    _ = url.port  # raises ValueError where it is no number
    return value.rstrip("/")


def redis_address(value: str) -> str:
    """Parse the address of a Redis; ``none`` becomes the empty string."""
    if value == "none":
        return ""
    url = urlsplit(value)
    place = url.path if url.scheme == "unix" else url.hostname
    if (url.scheme not in {"redis", "rediss", "unix"}) or not place:
        raise ValueError(value)
    _ = url.port
    return value


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


def text_of_file(value: str) -> str:
    """Read the text of a file, such as a container's secret; empty stands for none."""
    return Path(readable_file(value)).read_text().strip() if value else ""


def require_tls_together(certificate: str, key: str, program: str) -> None:
    """Refuse half a pair, and TLS for the bundled server, which has none."""
    if bool(certificate) != bool(key):
        raise BadSetting("INSTANCE_TLS_CERT and INSTANCE_TLS_KEY belong together: set both.")
    if certificate and not program:
        raise BadSetting(
            "INSTANCE_TLS_CERT needs a server with TLS, and the bundled one has none: name a "
            "valkey-server or redis-server with TLS in INSTANCE_BINARY, or leave it empty."
        )


def optional_web_page(value: str) -> str:
    """Parse the address of a page, ``http://`` or ``https://``; empty stands for none."""
    url = urlsplit(value)
    if value and (url.scheme not in {"http", "https"} or not url.hostname or url.username):
        raise ValueError(value)
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


def require_installed(module: str, setting: str, requirements: str) -> None:
    """Refuse a setting that needs an extra which isn't there."""
    try:
        is_there = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # a package above it is missing
        is_there = False
    if not is_there:
        raise BadSetting(
            f"{setting} needs packages that are not installed: run `pip install -r "
            f"{requirements}`, or take {setting} out of the settings."
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


def private_directory(path: Path) -> Path:
    """Make a directory that nobody else may enter."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            f"DATA_DIR: {path} can't be used ({error.strerror}). "
            "Set DATA_DIR to a directory that you may write to."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadSetting(
            f"DATA_DIR: {path} is not writable. Set DATA_DIR to a directory that you may write to."
        )
    return path


def run_directory(data_dir: Path) -> Path:
    """Find the place for sockets and pid files that belongs to this data directory.

    A unix socket's path has room for 107 bytes, so a deep data directory gets a short
    neighbour in the temporary directory, found again by its hash.
    """
    near = data_dir / "run"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_DIRECTORY:
        return private_directory(near)
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    far = private_directory(Path(tempfile.gettempdir()) / f"redisgate-{name}")
    if far.stat().st_uid != os.getuid() or far.stat().st_mode & 0o077:
        raise BadSetting(f"{far} belongs to somebody else: set DATA_DIR to a shorter path.")
    return far
