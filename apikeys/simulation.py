"""What a key may do: whether a command would be allowed, over HTTP and natively, and by which rule.

Nothing is executed. The server's own ACL is asked (``ACL DRYRUN``), after what is decided before
a server is reached.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from apikeys import denials, dry_run, http_door, networks, reach
from apikeys.dry_run import Said
from apikeys.models import ApiKey
from console.words import Unbalanced, split
from instances.acl import Scope
from instances.connections import NotRunning
from instances.models import Instance
from instances.states import Status
from instances.their_server import is_adopted, remote_of
from quotas.rate_limits import most_for
from redisgate.lib.errors import InvalidInput, Unavailable

MAX_LENGTH = 4096
SCRIPTS = {b"EVAL", b"EVAL_RO", b"EVALSHA", b"EVALSHA_RO", b"FCALL", b"FCALL_RO"}


class Rule(StrEnum):
    """What decides."""

    ACL = "acl"
    SCOPE = "scope"
    """The gateway's own reading of scopes, where a server has no users of ours."""
    COMMAND = "command"
    GATEWAY = "gateway"
    NETWORKS = "networks"
    INSTANCES = "instances"
    KEY_PATTERNS = "key_patterns"
    NATIVE_ACCESS = "native_access"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_RUNNING = "not_running"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the command would be allowed on one way; None means that nobody can say now."""

    allowed: bool | None
    rule: Rule
    reason: str

    @property
    def label(self) -> str:
        return {True: "Allowed", False: "Denied", None: "Unknown"}[self.allowed]


@dataclass(frozen=True, slots=True)
class Simulation:
    command: str
    http: Verdict
    native: Verdict
    notes: tuple[str, ...]

    def render(self) -> dict[str, Any]:
        return asdict(self)


def simulate(key: ApiKey, instance: Instance, line: str, *, address: str | None) -> Simulation:
    """Judge one line as redis-cli takes it; the instance is one of the key's organization.

    ``address`` is where it would be sent from. Raises InvalidInput for what is no command.
    """
    command = _read(line)
    early = _before_any_server(key, instance)
    if early is not None:
        http = native = early
    else:
        server = _of_server(key, instance, command)
        http = _over_http(key, command, server, address)
        native = _natively(key, instance, server)
    return Simulation(
        _name(command), http, native, tuple(_notes(key, command, http, native, address))
    )


def _read(line: str) -> list[bytes]:
    try:
        command = split(line)
    except Unbalanced as error:
        raise _bad(f"The command can't be read: {error}.") from None
    if not command or not command[0]:
        raise _bad("Write a command, such as SET greeting hello.")
    if "\0" in line or len(line) > MAX_LENGTH:
        raise _bad(f"A command here has no NUL and {MAX_LENGTH} characters at most.")
    return command


def _name(command: Sequence[bytes]) -> str:
    return command[0][:64].decode(errors="replace").upper()


def _bad(words: str) -> InvalidInput:
    return InvalidInput.in_field("command", words)


def _allowed(rule: Rule, reason: str) -> Verdict:
    return Verdict(allowed=True, rule=rule, reason=reason)


def _denied(rule: Rule, reason: str) -> Verdict:
    return Verdict(allowed=False, rule=rule, reason=reason)


def _unknown(rule: Rule, reason: str) -> Verdict:
    return Verdict(allowed=None, rule=rule, reason=reason)


def _before_any_server(key: ApiKey, instance: Instance) -> Verdict | None:
    if key.revoked_at is not None:
        return _denied(Rule.REVOKED, "The key is revoked, so it opens nothing.")
    if key.is_expired:
        return _denied(Rule.EXPIRED, "The key has expired, so it opens nothing.")
    if not reach.opens(key, instance):
        words = f"{instance.name} isn't among the instances that this key may use."
        return _denied(Rule.INSTANCES, words)
    if instance.status != Status.RUNNING:
        words = (
            f"{instance.name} is {instance.status}, so its server can't be asked. Start it first."
        )
        return _unknown(Rule.NOT_RUNNING, words)
    return None


def _of_server(key: ApiKey, instance: Instance, command: Sequence[bytes]) -> Verdict:
    """Say what the server's ACL says, or whoever stands in for it."""
    try:
        if _has_users_of_ours(instance):
            answer = dry_run.ask(instance, key, command)
            if answer.said is not Said.UNABLE:
                return _of_answer(key, instance, command, answer)
        return _by_scope(key, instance, command)
    except NotRunning as refusal:
        return _unknown(Rule.NOT_RUNNING, refusal.message)
    except Unavailable as refusal:
        return _unknown(Rule.NO_ANSWER, refusal.message)


def _of_answer(
    key: ApiKey, instance: Instance, command: Sequence[bytes], answer: dry_run.Answer
) -> Verdict:
    match answer.said:
        case Said.ALLOWED:
            return _allowed(Rule.ACL, "The server's ACL lets this key run it.")
        case Said.UNFIT:
            return _denied(Rule.COMMAND, f"The server says: {answer.words}")
        case Said.UNKNOWN_USER:
            words = "The server doesn't know this key's user yet. Try again in a moment."
            return _unknown(Rule.NO_ANSWER, words)
        case _:
            words = denials.in_words(
                _name(command),
                scopes=key.scopes,
                patterns=key.key_patterns,
                allowing=dry_run.scopes_that_may(instance, command),
                said=answer.words,
            )
            return _denied(Rule.ACL, words)


def _by_scope(key: ApiKey, instance: Instance, command: Sequence[bytes]) -> Verdict:
    """Judge as the gateway does where all keys use the one user that the server's owner gave."""
    if key.key_patterns:
        words = "Key patterns can't be enforced on this server, so keys with patterns are refused."
        return _denied(Rule.KEY_PATTERNS, words)
    scopes = [Scope(each) for each in key.scopes]
    listed = dry_run.commands_of(instance)
    refusal = http_door.registered().judge(listed, scopes, command)
    if refusal:
        return _denied(Rule.SCOPE, f"The gateway says: {refusal}")
    return _allowed(Rule.SCOPE, "The gateway lets keys of this scope run it on this server.")


def _over_http(
    key: ApiKey, command: Sequence[bytes], server: Verdict, address: str | None
) -> Verdict:
    if address and key.networks and not networks.admits(key.allowed_networks, address):
        words = f"The key may not be used from {address}."
        return _denied(Rule.NETWORKS, words)
    door = http_door.registered()
    refusal = door.refusal(command)
    if refusal is not None:
        return _denied(Rule.GATEWAY, f"The command API says: {refusal}")
    if door.is_answered(command):
        return _allowed(Rule.GATEWAY, "The command API answers this by itself.")
    return server


def _natively(key: ApiKey, instance: Instance, server: Verdict) -> Verdict:
    if key.networks:
        words = "A key with networks works over HTTP alone: no ACL looks at addresses."
        return _denied(Rule.NETWORKS, words)
    if not _has_users_of_ours(instance):
        words = "RedisGate manages no users on that server, so keys work over HTTP alone."
        return _denied(Rule.NATIVE_ACCESS, words)
    return server


def _has_users_of_ours(instance: Instance) -> bool:
    remote = remote_of(instance) if is_adopted(instance) else None
    return remote is None or remote.manages_users


def _notes(
    key: ApiKey, command: Sequence[bytes], http: Verdict, native: Verdict, address: str | None
) -> list[str]:
    notes = []
    if http.allowed:
        limit = min(key.rate_limit, most_for(key.organization))
        notes.append(f"Over HTTP it counts as one of {limit:,} commands a second.")
    if http.allowed and key.networks and not address:
        notes.append(f"Over HTTP only from {', '.join(key.allowed_networks)}.")
    if (http.allowed or native.allowed) and command[0].upper() in SCRIPTS:
        notes.append(
            "What a script does inside is checked by the server while it runs, by the same rules."
        )
    return notes
