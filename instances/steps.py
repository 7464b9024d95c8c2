"""What the control loop can do next for one instance: plain values."""

from dataclasses import dataclass
from datetime import datetime

from instances.states import Health, Status


@dataclass(frozen=True, slots=True)
class Wait:
    """All is as wished, or it isn't time yet."""


@dataclass(frozen=True, slots=True)
class Expire:
    """The instance's time is over: wish it deleted."""


# Steps that only write down what is so. -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """The server is as far as ``status`` says."""

    status: Status
    health: Health = Health.UNKNOWN
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCrashed:
    """The server is gone and will be started again, or given up for a while (``ERROR``)."""

    status: Status
    crashes: int
    crashes_since: datetime
    next_try_at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class MarkFailed:
    """Something could not be done; it is tried again later, the status stays."""

    detail: str
    next_try_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSettings:
    """The server knows the settings of this many wishes, and ``note`` says what is left."""

    done: int
    note: str = ""
    failures: int = 0
    try_at: datetime | None = None


# Steps for the provisioner, which take their time. --------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Bring the server up."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Save and end the server."""


@dataclass(frozen=True, slots=True)
class ApplyAcl:
    """Tell the running server who may log in."""


@dataclass(frozen=True, slots=True)
class ApplySettings:
    """Bring the running server's memory, eviction policy and persistence to the ``wish``."""

    wish: int


@dataclass(frozen=True, slots=True)
class Destroy:
    """End the server and remove its data, then the instance's row."""


Marking = Mark | MarkCrashed | MarkFailed | MarkSettings
Deed = Start | Stop | ApplyAcl | ApplySettings | Destroy
Step = Wait | Expire | Marking | Deed
