"""Scripts with flags that only Upstash has, made to run on a stock server. Pure.

``allow-key-locking`` tells Upstash's engine that it may lock the script's keys alone. A server
that runs scripts one at a time needs no such leave, and refuses flags that it doesn't know. So
the flag is left out of what is sent, and because that changes the script's SHA1, clients are
shown the SHA1 of the text that they sent.
"""

import hashlib
import zlib
from mmap import mmap

from gateway.resp import Command

UPSTASH_FLAGS = frozenset({b"allow-key-locking"})
SLOTS = 16_384
DIGEST_BYTES = 20
SLOT_BYTES = 2 * DIGEST_BYTES


class Scripts:
    """Which SHA1 a script has on the servers, for those that were sent changed.

    A table of pairs of digests in memory that all workers may share. Nobody locks it: both
    digests follow from the text alone, and one that was overwritten or half written is answered
    NOSCRIPT by the server, whereupon the client sends the text. So one table serves all
    instances, and tells none about another.
    """

    SIZE_BYTES = SLOTS * SLOT_BYTES

    def __init__(self, memory: mmap | bytearray) -> None:
        self._memory = memory

    def note(self, script: bytes, sent: bytes) -> bytes:
        """Remember that the script was sent in another form, and give its own SHA1."""
        digest = _sha1(script)
        start = _slot(digest)
        self._memory[start : start + SLOT_BYTES] = digest + _sha1(sent)
        return digest.hex().encode()

    def on_server(self, digest: bytes) -> bytes:
        """Give the SHA1 under which the server knows the script."""
        try:
            wanted = bytes.fromhex(digest.decode("ascii"))
        except ValueError:
            return digest
        if len(digest) != 2 * DIGEST_BYTES or len(wanted) != DIGEST_BYTES:
            return digest
        start = _slot(wanted)
        known = self._memory[start : start + SLOT_BYTES]
        if known[:DIGEST_BYTES] != wanted:
            return digest
        return known[DIGEST_BYTES:].hex().encode()

    def all_on_server(self, command: Command, *, first: int) -> Command:
        """Do what ``on_server`` does for every argument from ``first`` on."""
        return [*command[:first], *(self.on_server(digest) for digest in command[first:])]


def _slot(digest: bytes) -> int:
    return zlib.crc32(digest) % SLOTS * SLOT_BYTES


def _sha1(text: bytes) -> bytes:
    """Name a script as servers do."""
    return hashlib.sha1(text, usedforsecurity=False).digest()


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
