"""The forms in which one command comes over HTTP, and where its error is in the answer."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from urllib.parse import quote_from_bytes

from tests.gateway.doors import WRITER, Door
from tests.gateway.raw_http import Answer


class Form(ABC):
    """One way to send a command, so that its answer can be told from those of its neighbours."""

    @abstractmethod
    def request(self, door: Door, words: Sequence[str], token: str = WRITER) -> bytes:
        """Write the whole request."""

    @abstractmethod
    def error(self, answer: Answer) -> str:
        """Give the command's error, or nothing where it ran; check what came with it."""


class Body(Form):
    def request(self, door: Door, words: Sequence[str], token: str = WRITER) -> bytes:
        return door.posted("", words, token=token)

    def error(self, answer: Answer) -> str:
        assert answer.status in {200, 400}, answer
        return answer.error if answer.status == 400 else ""


class Path(Body):
    def request(self, door: Door, words: Sequence[str], token: str = WRITER) -> bytes:
        return door.head("GET", path_of([word.encode() for word in words]), token=token)


class Pipeline(Form):
    def request(self, door: Door, words: Sequence[str], token: str = WRITER) -> bytes:
        commands = [["ECHO", "before"], words, ["ECHO", "after"]]
        return door.posted("/pipeline", commands, token=token)

    def error(self, answer: Answer) -> str:
        before, result, after = results(answer)
        assert (before, after) == ({"result": "before"}, {"result": "after"})
        return result.get("error") or ""


class Transaction(Form):
    """Its error is EXECABORT where a command was not even queued."""

    def request(self, door: Door, words: Sequence[str], token: str = WRITER) -> bytes:
        return door.posted("/multi-exec", [["ECHO", "before"], words], token=token)

    def error(self, answer: Answer) -> str:
        if answer.status == 400:
            return answer.error
        before, result = results(answer)
        assert before == {"result": "before"}
        return result.get("error") or ""


FORMS = {"body": Body(), "path": Path(), "pipeline": Pipeline(), "transaction": Transaction()}


def path_of(command: Sequence[bytes]) -> str:
    """Write a command as a path; the slash behind it lets its last argument be empty."""
    return "".join(f"/{quote_from_bytes(argument, safe='')}" for argument in command) + "/"


def results(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200, answer
    assert isinstance(answer.json, list)
    return answer.json
