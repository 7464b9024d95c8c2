"""Words of people inside sentences of ours."""


def ended(words: str) -> str:
    """End with a full stop, unless it ends like a sentence already."""
    words = words.rstrip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
