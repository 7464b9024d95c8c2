"""How often Python looks for garbage among our objects."""

import gc

COLLECT_FROM_OBJECTS = 10_000


def collect_seldom() -> None:
    """Look for cycles after thousands of new objects; Python's 700 are there in no time.

    To import everything makes hundreds of thousands that stay, and to look at them again and
    again takes a sixth of the time. A pipeline makes hundreds of lists that end with it.
    """
    gc.set_threshold(COLLECT_FROM_OBJECTS)
