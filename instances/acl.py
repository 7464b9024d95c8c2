"""Users and rules of one server's ACL: pure values in, ACL file text out.

Rules work from left to right, so each list below first grants wide and then takes away, and
what a later token takes (``-@dangerous`` takes INFO) is granted again after it.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

ADMIN_USER = "rg-admin"
"""The control plane's own user on every server; its password never leaves the platform."""
DEFAULT_USER = "default"
TEST_CLIENT = "redisgate-test"
"""What a connection test of ours calls itself, for it logs in as people do."""

MAX_PATTERN_LENGTH = 512

_MARKER_PREFIX = "rg-acl-"
_SCOPE_USER_PREFIX = "rg-scope-"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RULE_STARTS = ("~", "%", "&", "+", "-")
_RULE_WORDS = frozenset({"resetchannels", "resetkeys"})


class Scope(StrEnum):
    """What a key may do on a server; each scope includes the ones before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class AclUser:
    """One line of an ACL file.

    ``password_sha256`` is the hex digest, so the file never holds a password. While
    ``former_password_sha256`` is given, that password works as well.
    ``rules`` are ACL tokens such as ``~cache:*`` and ``+@read``; they work from left to right.
    """

    name: str
    password_sha256: str
    rules: tuple[str, ...]
    former_password_sha256: str = ""

    @property
    def passwords_sha256(self) -> tuple[str, ...]:
        former = self.former_password_sha256
        return (self.password_sha256, former) if former else (self.password_sha256,)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CONNECTION = _tokens(
    "+@transaction +ping +echo +time +dbsize +info +select +command"
    " -client +client|id +client|info +client|getname +client|setname +client|setinfo"
    " +client|no-touch +client|reply +client|help"
)

_CLIENT_CACHING = _tokens("+client|tracking +client|trackinginfo +client|caching +client|getredir")

_READ = _tokens(
    "resetchannels -@all +@read -@dangerous -@admin -scan -keys +eval_ro +evalsha_ro +fcall_ro"
)

_WRITE = _tokens(
    "+@all -@admin -@dangerous +flushdb +flushall +keys +sort +sort_ro"
    " -cluster -asking -readonly -readwrite -script|debug -script|kill -function|kill"
    " -memory|malloc-stats -memory|purge -memory|doctor"
)

# Whatever stops the server, points it elsewhere, makes it deaf to us (CLIENT PAUSE), or shows
# and changes users and settings that are the platform's.
_ADMIN = _tokens(
    "+@all -shutdown -replicaof -slaveof -failover -module -debug -migrate -sync -psync -replconf"
    " -restore-asking -pfdebug -pfselftest -cluster -asking -readonly -readwrite -script|debug"
    " -config +config|get +config|help -acl +acl|whoami +acl|cat +acl|genpass +acl|help"
)

_ADMIN_CONNECTION = _tokens("+client|list +client|kill +client|unblock")

# Commands that name, count or touch keys and channels without passing the pattern check, and
# libraries, which would run with the rights of whoever calls them.
_NARROWED = _tokens(
    "-@admin -@dangerous +sort +sort_ro +info -scan -randomkey -client|tracking -pubsub"
    " -memory +memory|usage -function -script|flush"
)


def rules_for(scopes: Collection[Scope], key_patterns: Collection[str]) -> tuple[str, ...]:
    """Write a key's scopes and key patterns as ACL rules; the widest scope counts.

    No patterns, or ``*`` among them, means all keys. With patterns the channels of
    publish/subscribe follow them, and commands that would show or wipe foreign keys are gone
    (SCAN, KEYS, FLUSHALL, FUNCTION).
    A read key with patterns can't PFCOUNT, which the server counts as a write.
    Raises ValueError for a pattern that no ACL file can hold, and for an empty set of scopes.
    """
    scope = _widest(scopes)
    patterns = list(dict.fromkeys(map(key_pattern, key_patterns)))
    if "*" in patterns:
        # After ``~*`` a server refuses any other pattern, and with it the whole file.
        patterns = []
    prefix = "%R~" if scope is Scope.READ else "~"
    keys = [prefix + pattern for pattern in patterns] or ["~*"]
    if scope is Scope.READ:
        narrowed = ["-randomkey"] if patterns else []
        return (*keys, *_READ, *narrowed, *_CONNECTION)

    channels = ["resetchannels", *("&" + pattern for pattern in patterns)] if patterns else ["&*"]
    commands = [*_ADMIN, *_CONNECTION, *_CLIENT_CACHING, *_ADMIN_CONNECTION]
    if scope is Scope.WRITE:
        commands = [*_WRITE, *_CONNECTION, *_CLIENT_CACHING]
    return (*keys, *channels, *commands, *(_NARROWED if patterns else []))


def key_pattern(text: str) -> str:
    """Return the pattern if an ACL file can hold it, else raise ValueError with the reason."""
    if len(text) > MAX_PATTERN_LENGTH:
        raise ValueError(f"A key pattern may have {MAX_PATTERN_LENGTH} characters at most.")
    return token(text)


def token(text: str) -> str:
    """Return the text if it is safe as one token of an ACL file, else raise ValueError."""
    if not text:
        raise ValueError("It may not be empty.")
    if not text.isprintable() or any(char in " \"'" for char in text):
        raise ValueError("It may not contain spaces, quotes or control characters.")
    return text


def admin_user(password: str) -> AclUser:
    """Make ``rg-admin``, who may do everything."""
    return AclUser(ADMIN_USER, sha256(password), ("~*", "&*", "+@all"))


def default_user(password: str, *, former_password: str = "") -> AclUser:
    """Make ``default``, whom a plain ``redis://`` URL logs in as, with the rights of WRITE."""
    former = sha256(former_password) if former_password else ""
    return AclUser(DEFAULT_USER, sha256(password), rules_for({Scope.WRITE}, ()), former)


def scope_user(scopes: Collection[Scope], key_patterns: Collection[str]) -> str:
    """Name the user that has the very rights of a key; empty where none does.

    The platform's own connections log in as this user, so that keys may share them. It stands on
    every server, and its password never leaves the platform.
    """
    is_narrowed = bool(key_patterns) and "*" not in key_patterns
    return "" if is_narrowed else _SCOPE_USER_PREFIX + _widest(scopes).value


def scope_passwords(admin_password: str) -> dict[str, str]:
    """Derive the passwords of the users of scopes, by user, from that of ``rg-admin``."""
    return {
        name: hmac.new(admin_password.encode(), name.encode(), hashlib.sha256).hexdigest()
        for name in (scope_user({scope}, ()) for scope in Scope)
    }


def scope_users(admin_password: str) -> tuple[AclUser, ...]:
    """Make one user for each scope, with the rights of a key of that scope without patterns."""
    passwords = scope_passwords(admin_password)
    return tuple(
        AclUser(name, sha256(passwords[name]), rules_for({scope}, ()))
        for scope in Scope
        for name in (scope_user({scope}, ()),)
    )


def sha256(password: str) -> str:
    """Hash a password the way ACL files hold it; an empty one is refused."""
    if not password:
        raise ValueError("A password may not be empty.")
    return hashlib.sha256(password.encode()).hexdigest()


def render(users: Iterable[AclUser]) -> str:
    """Write the users as an ACL file.

    A server whose file lacks ``default`` lets everybody in as ``default``, so where it is not
    among the users it is written as switched off. Raises ValueError for anything that would
    break out of its place, for a rule that gives or takes passwords, and for a name used twice.
    """
    by_name: dict[str, AclUser] = {}
    for user in users:
        if by_name.setdefault(user.name, user) is not user:
            raise ValueError(f"The user {user.name!r} appears twice.")
    lines = [_line(by_name[name]) for name in sorted(by_name)]
    if DEFAULT_USER not in by_name:
        lines.insert(0, f"user {DEFAULT_USER} reset off -@all")
    return "".join(line + "\n" for line in lines)


def server_file(admin_password: str, users: Collection[AclUser]) -> str:
    """Write the whole ACL file of a server: ``rg-admin``, the users, and their digest.

    The digest is the name of a switched-off user, so the server itself can say which set of
    users it has loaded (``acknowledged_digest``), whatever became of the file since.
    """
    text = render((admin_user(admin_password), *users))
    return f"{text}user {_MARKER_PREFIX}{digest(users)} reset off -@all\n"


def acknowledged_digest(user_names: Iterable[str]) -> str:
    """Find the digest among the names that ``ACL USERS`` answers; empty when there is none."""
    marks = [name for name in user_names if name.startswith(_MARKER_PREFIX)]
    return marks[0].removeprefix(_MARKER_PREFIX) if len(marks) == 1 else ""


def digest(users: Iterable[AclUser]) -> str:
    """Hash the set of users; their order doesn't matter, the order of a user's rules does."""
    lines = sorted(_line(user) for user in users)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _widest(scopes: Collection[Scope]) -> Scope:
    for scope in (Scope.ADMIN, Scope.WRITE, Scope.READ):
        if scope in scopes:
            return scope
    raise ValueError("A key needs at least one of the scopes read, write and admin.")


def words_of(user: AclUser) -> list[str]:
    """Write a user as the words of ``ACL SETUSER`` after its name. Raises ValueError."""
    return _line(user).split(" ")[2:]


def _line(user: AclUser) -> str:
    if not _NAME.fullmatch(user.name) or user.name.startswith(_MARKER_PREFIX):
        raise ValueError(f"{user.name!r} can't be the name of an ACL user.")
    if not all(map(_SHA256.fullmatch, user.passwords_sha256)):
        raise ValueError(f"The user {user.name!r} needs the SHA-256 of a password.")
    passwords = " ".join(f"#{each}" for each in user.passwords_sha256)
    rules = " ".join(_rule(rule) for rule in user.rules)
    return f"user {user.name} reset on {passwords} {rules}".rstrip()


def _rule(text: str) -> str:
    if not text.startswith(_RULE_STARTS) and text not in _RULE_WORDS:
        raise ValueError(f"{text!r} is not a rule about keys, channels or commands.")
    return token(text)
