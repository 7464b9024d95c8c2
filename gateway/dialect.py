"""What Upstash's Redis understands and a stock server doesn't, said in the server's words. Pure.

``translate`` looks only at commands whose names are in ``NAMES``; all others are none of its
business and cost nothing. What needs the server twice, or no server at all, is left to
``gateway.rounds``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gateway.dialect_scripts import Scripts, without_upstash_flags
from gateway.resp import Command, ErrorReply, Reply

SCAN_OPTIONS_WITH_VALUE = frozenset({b"MATCH", b"COUNT", b"TYPE"})
RESTTOKEN_ARITY = "ERR wrong number of arguments for 'acl|resttoken' command"

NOT_IN_TRANSACTION = (
    "ERR Command is not available: SCAN with WITHTYPE and ACL RESTTOKEN are no commands of the "
    "server, so they can't be part of a transaction. Send them to /pipeline or on their own."
)


@dataclass(slots=True)
class Translation:
    """What becomes of some commands of a request, each by its place."""

    sent: dict[int, Command] = field(default_factory=dict)
    """Commands that go to the server in another form."""
    digests: dict[int, bytes] = field(default_factory=dict)
    """SHA1s to answer in the place of those of scripts that were sent in another form."""
    typed_scans: list[int] = field(default_factory=list)
    """Replies of SCAN that want the type of each key."""
    token_questions: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    """Users and passwords whose token is asked for; the server has no say in that."""
    answers: dict[int, Reply] = field(default_factory=dict)
    """What is answered without anybody being asked."""

    @property
    def needs_rounds(self) -> bool:
        """Tell whether one exchange with the server isn't enough, or isn't all."""
        return bool(self.typed_scans or self.token_questions)

    @property
    def not_in_transaction(self) -> str:
        """Say in words what keeps the commands out of a transaction, or be empty."""
        if self.typed_scans or self.token_questions or self.answers:
            return NOT_IN_TRANSACTION
        return ""


def translate(
    commands: Sequence[Command], places: Iterable[int], scripts: Scripts
) -> Translation | None:
    """Say the commands at these places in the server's words; None when they are already."""
    translation = Translation()
    for place in places:
        _RULES[commands[place][0].upper()](commands[place], place, translation, scripts)
    return translation if translation != _NOTHING else None


def answer(translation: Translation, replies: list[Reply]) -> None:
    """Put what the server said back into the words of the one who asked."""
    for place, digest in translation.digests.items():
        if not isinstance(replies[place], ErrorReply):
            replies[place] = digest


Rule = Callable[[Command, int, Translation, Scripts], None]


def _eval(command: Command, place: int, translation: Translation, scripts: Scripts) -> None:
    if len(command) > 1:
        sent = without_upstash_flags(command[1])
        if sent is not command[1]:
            scripts.note(command[1], sent)
            translation.sent[place] = [command[0], sent, *command[2:]]


def _evalsha(command: Command, place: int, translation: Translation, scripts: Scripts) -> None:
    if len(command) > 1:
        sent_as = scripts.on_server(command[1])
        if sent_as is not command[1]:
            translation.sent[place] = [command[0], sent_as, *command[2:]]


def _script(command: Command, place: int, translation: Translation, scripts: Scripts) -> None:
    subcommand = command[1].upper() if len(command) > 2 else b""
    if subcommand == b"EXISTS":
        translation.sent[place] = scripts.all_on_server(command, first=2)
    elif subcommand == b"LOAD" and len(command) == 3:
        sent = without_upstash_flags(command[2])
        if sent is not command[2]:
            translation.digests[place] = scripts.note(command[2], sent)
            translation.sent[place] = [*command[:2], sent]


def _scan(command: Command, place: int, translation: Translation, _: Scripts) -> None:
    kept = without_type_option(command)
    if len(kept) < len(command):
        translation.sent[place] = kept
        translation.typed_scans.append(place)


def without_type_option(command: Command) -> Command:
    """Leave WITHTYPE out of a SCAN, where it is an option and not the value of one."""
    kept = command[:2]
    place = 2
    while place < len(command):
        option = command[place].upper()
        width = 2 if option in SCAN_OPTIONS_WITH_VALUE else 1
        if option != b"WITHTYPE":
            kept += command[place : place + width]
        place += width
    return kept


def _acl(command: Command, place: int, translation: Translation, _: Scripts) -> None:
    if len(command) < 2 or command[1].upper() != b"RESTTOKEN":
        return
    if len(command) == 4:
        translation.token_questions[place] = (command[2], command[3])
    else:
        translation.answers[place] = ErrorReply(RESTTOKEN_ARITY)


_RULES: dict[bytes, Rule] = {
    b"EVAL": _eval,
    b"EVAL_RO": _eval,
    b"EVALSHA": _evalsha,
    b"EVALSHA_RO": _evalsha,
    b"SCRIPT": _script,
    b"SCAN": _scan,
    b"ACL": _acl,
}
NAMES = frozenset(_RULES)
_NOTHING = Translation()
