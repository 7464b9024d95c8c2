"""Sealed exports: a stretch of a chain as compressed JSON lines, signed with the platform's keys.

The first line says where the stretch begins, each next one is an event with its hash, the last
one carries the signature over all lines before it.
"""

import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from audit import chain

FORMAT = 1


class BadSeal(Exception):
    """What is wrong with a file, in words."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a chain, from the hash before it to the hash at its end."""

    chain_id: UUID
    first: int
    previous: str
    last: int
    head: str


def write(path: Path, stretch: Stretch, events: Iterable[dict[str, object]]) -> None:
    """Write a file that appears whole or not at all, and that its owner alone may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
                for line in _signed(_lines(stretch, events)):
                    packed.write(line)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    _remember_name(path.parent)


def check(path: Path, stretch: Stretch) -> None:
    """Read a file from its first line to its signature. Raises BadSeal."""
    try:
        with gzip.open(path, "rb") as lines:
            _check_lines(_with_digest(lines), stretch)
    except FileNotFoundError:
        raise BadSeal("the file is not there") from None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BadSeal(f"the file can't be read ({type(error).__name__})") from error


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(stretch: Stretch, events: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    yield {
        "redisgate_audit": FORMAT,
        "chain": str(stretch.chain_id),
        "first": stretch.first,
        "previous": stretch.previous,
    }
    yield from events


def _signed(lines: Iterable[dict[str, object]]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for line in lines:
        written = f"{chain.canonical(line)}\n".encode()
        digest.update(written)
        yield written
    signature = chain.sign(_signed_text(digest.hexdigest()))
    yield f"{chain.canonical({'signature': signature})}\n".encode()


def _signed_text(digest: str) -> str:
    return f"redisgate audit seal {digest}"


def _with_digest(lines: Iterable[bytes]) -> Iterator[tuple[dict[str, Any], str]]:
    """Give each line, and the digest of all that came before it."""
    digest = hashlib.sha256()
    for line in lines:
        yield json.loads(line), digest.hexdigest()
        digest.update(line)


def _check_lines(lines: Iterator[tuple[dict[str, Any], str]], stretch: Stretch) -> None:
    """Follow the chain through the file, to the signature at its end."""
    first, _ = next(lines)
    _same(first["chain"], str(stretch.chain_id), "it belongs to another chain")
    _same(first["first"], stretch.first, "it begins elsewhere")
    _same(first["previous"], stretch.previous, "it doesn't follow what was sealed before")
    sequence, head = stretch.first - 1, stretch.previous
    for line, digest in lines:
        if "signature" in line:
            if not chain.is_signed(_signed_text(digest), line["signature"]):
                raise BadSeal("its signature is not ours")
            _same((sequence, head), (stretch.last, stretch.head), "it ends elsewhere")
            return
        said = line.pop("hash")
        sequence += 1
        _same(line["sequence"], sequence, f"event {sequence} is missing")
        head = chain.hash_of(line, head)
        _same(said, head, f"event {sequence} was changed")
    raise BadSeal("its end is missing")


def _same(found: object, expected: object, otherwise: str) -> None:
    if found != expected:
        raise BadSeal(otherwise)


def _remember_name(directory: Path) -> None:
    """Let the directory itself survive a crash, before events are removed that it points to."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
