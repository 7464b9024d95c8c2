"""What a program may do in a person's name."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mandate:
    """A key to one organization, with one of its roles at most.

    The rooms above know organizations and roles; here they are names.
    """

    key_id: UUID
    name: str
    organization_id: UUID
    role: str

    @property
    def caller(self) -> str:
        return f"management-key:{self.key_id}"
