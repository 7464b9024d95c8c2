"""Heads of chains in a file that is kept elsewhere, one JSON object a line."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from audit.verifying import Anchor
from redisgate.lib.errors import InvalidInput


def write(path: Path, anchors: Iterable[Anchor]) -> None:
    lines = [json.dumps({**asdict(each), "chain_id": str(each.chain_id)}) for each in anchors]
    path.write_text("".join(f"{line}\n" for line in lines))


def read(path: Path) -> dict[UUID, Anchor]:
    """Read anchors by their chain. Raises InvalidInput."""
    try:
        said = [json.loads(line) for line in path.read_text().splitlines()]
        anchors = [
            Anchor(UUID(one["chain_id"]), int(one["sequence"]), one["hash"], one["signature"])
            for one in said
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"{path} doesn't hold anchors. Give a file that audit_verify --anchors has written."
        ) from error
    return {each.chain_id: each for each in anchors}
