"""What the server's half of a console says to the page.

Whatever a person enters is answered by exactly one REPLY, ASK or END; LINES come before an END,
and AWAY, BACK and NOTICE at any time.
"""

from typing import Any

from console.dangers import Question

Message = dict[str, Any]


def reply(text: str, *, milliseconds: float | None = None, rest: str = "") -> Message:
    """Answer in redis-cli's words; ``rest`` says how much was left out."""
    return {"type": "reply", "text": text, "ms": milliseconds, "rest": rest}


def failed(text: str) -> Message:
    """Answer with a refusal of ours, in the form of the server's."""
    return {"type": "reply", "text": f"(error) {text}", "ms": None, "rest": ""}


def ask(question: Question, token: str) -> Message:
    return {
        "type": "ask",
        "text": question.text,
        "phrase": question.phrase,
        "destroys": question.destroys,
        "token": token,
    }


def lines(texts: list[str], left_out: int) -> Message:
    return {"type": "lines", "texts": texts, "left_out": left_out}


def end(text: str) -> Message:
    """End what went on: a view, or the wait for a reply."""
    return {"type": "end", "text": text}


def away(text: str) -> Message:
    """Say that there is no connection to the server, and why."""
    return {"type": "away", "text": text}


def back(text: str) -> Message:
    """Say that there is a connection again."""
    return {"type": "back", "text": text}


def notice(text: str) -> Message:
    return {"type": "notice", "text": text}
