"""What is limited, as values."""

from dataclasses import dataclass
from typing import Literal

Resource = Literal["instances", "memory_mb", "api_keys"]
RESOURCES: tuple[Resource, ...] = ("instances", "memory_mb", "api_keys")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something is used, and how much may be."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Usage:
    """One organization's use of everything that is limited."""

    instances: Amount
    memory_mb: Amount
    api_keys: Amount

    def of(self, resource: Resource) -> Amount:
        amount: Amount = getattr(self, resource)
        return amount
