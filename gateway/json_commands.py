"""Commands in a body of JSON. Pure.

Nothing here decides what a request asks for; a refusal says which part of the body it is about.
"""

import json
from typing import Any, NoReturn

from gateway.errors import BadRequest
from gateway.resp import Command

_LIST = {list}


def one(value: Any) -> list[Any]:
    """Find the command that is the whole body, or in an object's ``command``."""
    if type(value) is dict:
        value = value.get("command")
    if type(value) is not list:
        raise BadRequest('the body must be a JSON array like ["SET", "key", "value"]')
    if not value:
        raise BadRequest('empty command. Send a JSON array like ["SET", "key", "value"]')
    return value


def several(value: object, most: int) -> list[list[Any]]:
    """Find the commands of a pipeline or transaction."""
    if type(value) is not list:
        raise BadRequest('the body must be a JSON array of commands like [["GET", "key"]]')
    if not value:
        raise BadRequest('empty pipeline. Send at least one command, like [["GET", "key"]]')
    if len(value) > most:
        raise BadRequest(f"too many commands: {len(value)}. Limit: {most} in one request")
    if not (_LIST.issuperset(map(type, value)) and all(value)):
        place = next(
            n for n, command in enumerate(value) if type(command) is not list or not command
        )
        raise BadRequest(f"command {place + 1} must be a JSON array with a command's name")
    return value


def encoded(commands: list[list[Any]], *, is_one: bool) -> list[Command]:
    """Make bytes of arguments; of a lone command a refusal doesn't say which it is."""
    if is_one:
        return [_command_of_literals(commands[0], "")]
    return [_command_of_literals(words, f" of command {n}") for n, words in enumerate(commands, 1)]


def load_literals(body: bytes) -> object:
    """Read JSON with every number as the text it was sent in."""
    try:
        # Decoded here, because json.loads would also accept UTF-16 and UTF-32.
        return json.loads(
            body.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError:
        raise BadRequest("the body is not UTF-8") from None
    except RecursionError:
        raise BadRequest("malformed JSON: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise BadRequest(f"malformed JSON: {error.msg} at character {error.pos}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest(f"malformed JSON: {name} is not a JSON number. Send it as a string")


def _command_of_literals(words: list[Any], where: str) -> Command:
    return [_argument(word, f"argument {n}{where}") for n, word in enumerate(words)]


def _argument(argument: object, where: str) -> bytes:
    if isinstance(argument, bool):
        return b"true" if argument else b"false"
    if isinstance(argument, str):
        try:
            return argument.encode()
        except UnicodeEncodeError:
            raise BadRequest(f"{where} holds half a surrogate pair, which has no UTF-8") from None
    kind = "null" if argument is None else "an object" if isinstance(argument, dict) else "an array"
    raise BadRequest(f"{where} is {kind}. Send strings, numbers or booleans")
