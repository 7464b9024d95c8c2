"""Which job goes first: by who waits for it."""

from enum import IntEnum


class Priority(IntEnum):
    """The higher goes first; between equals whoever is due first."""

    SOMEBODY_WAITS = 50
    """A person sits before a screen until it is done, as with a link for a new password."""
    NOTICE = 0
    """Somebody is told of something; a minute later will do."""
    NOBODY_WAITS = -50
    """Book-keeping."""
