"""Why the platform doesn't start."""


class CannotStart(Exception):
    """A reason not to start. The text names it and the way out, and is all one needs."""
