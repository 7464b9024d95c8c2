"""Scripts with flags that only Upstash has, made to run on a stock server. Pure.

``allow-key-locking`` tells Upstash's engine that it may lock the script's keys alone. A server
that runs scripts one at a time needs no such leave, and refuses flags that it doesn't know. So
the flag is left out of what is sent, and because that changes the script's SHA1, clients are
shown the SHA1 of the text that they sent.
"""

import hashlib
from collections import OrderedDict

from gateway.resp import Command

UPSTASH_FLAGS = frozenset({b"allow-key-locking"})
REMEMBERED_SCRIPTS = 10_000
SHA1_HEX_LENGTH = 40


class Scripts:
    """Which SHA1 a script has on the servers, for those that were sent changed.

    Both digests follow from the text alone, so one memory serves all instances and tells none
    about another. What is forgotten, or was sent through another worker, is answered NOSCRIPT by
    the server, and then the client sends the text.
    """

    def __init__(self, size: int = REMEMBERED_SCRIPTS) -> None:
        self._size = size
        self._sent_as: OrderedDict[bytes, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sent_as)

    def note(self, script: bytes, sent: bytes) -> bytes:
        """Remember that the script was sent in another form, and give its own SHA1."""
        digest = sha1(script)
        self._sent_as[digest] = sha1(sent)
        self._sent_as.move_to_end(digest)
        if len(self._sent_as) > self._size:
            self._sent_as.popitem(last=False)
        return digest

    def on_server(self, digest: bytes) -> bytes:
        """Give the SHA1 under which the server knows the script."""
        if len(digest) != SHA1_HEX_LENGTH or not self._sent_as:
            return digest
        sent_as = self._sent_as.get(digest.lower())
        if sent_as is None:
            return digest
        self._sent_as.move_to_end(digest.lower())
        return sent_as

    def all_on_server(self, command: Command, *, first: int) -> Command:
        """Do what ``on_server`` does for every argument from ``first`` on."""
        return [*command[:first], *(self.on_server(digest) for digest in command[first:])]


def without_upstash_flags(script: bytes) -> bytes:
    """Leave Upstash's own flags out of the shebang; any other script stays as it is.

    The line itself stays, because without it the server would treat the script as one of the
    old kind, and because errors name line numbers.
    """
    if not script.startswith(b"#!"):
        return script
    line, newline, rest = script.partition(b"\n")
    words = line.split()
    if words[0] != b"#!lua" or not any(flag in line for flag in UPSTASH_FLAGS):
        return script
    kept = [word for word in map(_without_flags, words) if word]
    if kept == words:
        return script
    return b" ".join(kept) + newline + rest


def _without_flags(word: bytes) -> bytes:
    option, equals, flags = word.partition(b"=")
    if option != b"flags":
        return word
    kept = [flag for flag in flags.split(b",") if flag not in UPSTASH_FLAGS]
    return option + equals + b",".join(kept) if kept else b""


def sha1(text: bytes) -> bytes:
    """Name a script as servers do."""
    return hashlib.sha1(text, usedforsecurity=False).hexdigest().encode()
