"""What a server saw, in the words of people, with what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from instances.acl import DEFAULT_USER
from instances.witness import Refusal, Visitor

KEY_PREFIX = "rg_"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the way out where there is something to do."""

    text: str
    advice: str = ""


def tell_visitor(visitor: Visitor, keys: Mapping[str, str]) -> Told:
    """Say who is there; ``keys`` are the names of API keys by their users on the server."""
    if visitor.is_http:
        key = keys.get(visitor.user)
        return Told("Connected over HTTP" + (f" with the key {key}." if key else "."))
    with_what = f" with {visitor.library}" if visitor.library else ""
    first = f" Last command: {visitor.command}." if visitor.command else ""
    who = _who(visitor.user, keys)
    return Told(f"Connected from {visitor.address}{with_what}{f' as {who}' if who else ''}.{first}")


def tell_refusal(refusal: Refusal, keys: Mapping[str, str]) -> Told:
    """Say what the server refused, to whom, and why."""
    where = "Somebody over HTTP" if refusal.is_http else f"Somebody at {refusal.address}"
    times = f" ({refusal.count} times)" if refusal.count > 1 else ""
    who = _who(refusal.user, keys)
    match refusal.reason:
        case "auth":
            return _wrong_password(refusal, keys, where, times)
        case "command":
            text = f"{where} may not run {refusal.subject.upper()} as {who}{times}."
            return Told(
                text, "Use a key whose scope includes it: write for writes, admin for more."
            )
        case "key":
            text = f"{where} may not touch the key {refusal.subject!r} as {who}{times}."
            return Told(text, "The key patterns of the API key leave it out: use another key.")
        case "channel":
            text = f"{where} may not use the channel {refusal.subject!r} as {who}{times}."
            return Told(text, "The key patterns of the API key leave it out: use another key.")
        case _:
            return Told(f"{where} was refused as {who}: {refusal.reason}{times}.")


def _wrong_password(refusal: Refusal, keys: Mapping[str, str], where: str, times: str) -> Told:
    if refusal.user == DEFAULT_USER:
        return Told(
            f"{where} tried the user default with a wrong password{times}.",
            "Copy the Redis URL of this page again: its password may have been rotated.",
        )
    if refusal.user in keys:
        return Told(
            f"{where} tried the key {keys[refusal.user]} with a wrong token{times}.",
            "The password is the whole key, from rg_ to its end. It was shown once: where it is "
            "lost, create another.",
        )
    if refusal.user.startswith(KEY_PREFIX):
        return Told(
            f"{where} tried the user {refusal.user}, which no key of yours has{times}.",
            "The key may be revoked, expired, or not made for this instance.",
        )
    return Told(
        f"{where} tried the user {refusal.user!r}, whom this server doesn't know{times}.",
        "Use default with the instance's password, or an API key with the user name beside it.",
    )


def _who(user: str, keys: Mapping[str, str]) -> str:
    if user in keys:
        return f"key {keys[user]}"
    return f"user {user}" if user else ""
