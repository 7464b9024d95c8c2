"""What can be done to a key: each operation's question, and the service that carries it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms

from browser import forms, quoting, services, typed
from browser.connection import Command, Server
from browser.contents import STRING_BYTES
from browser.services import Place, digest
from redisgate.lib.errors import Conflict, InvalidInput

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class On:
    """The key that is asked about, and the field, index, member, id or group in it."""

    name: bytes
    element: bytes | None

    @property
    def part(self) -> bytes:
        if self.element is None:
            raise InvalidInput("This address names no part of the key. Open the key again.")
        return self.element

    @property
    def index(self) -> int:
        if not self.part.isdigit():
            raise InvalidInput("This address names no item of the list. Open the key again.")
        return int(self.part)


@dataclass(frozen=True, slots=True)
class Done:
    """What to say, and which key to show next; None when there is none any more."""

    words: str
    name: bytes | None
    is_gone: bool = False
    """Whether the key that was asked about is no more under its name."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One button. ``prepare`` fills its form from what is there now."""

    title: str
    label: str
    form: type[django_forms.Form]
    act: Callable[[Place, On, Data], Done]
    prepare: Callable[[Server, On], Data] | None = None
    text: str = ""
    is_danger: bool = False


def _value_form(read: Callable[[On], Command]) -> Callable[[Server, On], Data]:
    """Fill the form with a value as it is now, and remember which it was."""

    def prepare(server: Server, on: On) -> Data:
        if read(on)[0] == "GET" and server.send("STRLEN", on.name) > STRING_BYTES:
            raise Conflict(
                f"A value above {STRING_BYTES // 1024} KB can't be edited in a page. "
                "Use SETRANGE or APPEND in a client."
            )
        now = server.send(*read(on))
        text, written = typed.to_text(now or b"")
        return {"value": text, "value_as": written, "seen": digest(now)}

    return prepare


def _seen(read: Callable[[On], Command]) -> Callable[[Server, On], Data]:
    return lambda server, on: {"seen": digest(server.send(*read(on)))}


def _score_form(server: Server, on: On) -> Data:
    now = server.send(*_zscore(on))
    return {"score": (now or b"").decode(), "seen": digest(now)}


def _name_form(_server: Server, on: On) -> Data:
    return _name_fields(on.name)


def _name_fields(name: bytes) -> dict[str, Any]:
    text, written = typed.to_text(name)
    if "\n" in text or written is typed.Written.JSON:
        text, written = quoting.shown(name, quote="\\"), typed.Written.ESCAPED
    return {"name": text, "name_as": written}


def _ttl_form(server: Server, on: On) -> Data:
    seconds = server.send("TTL", on.name)
    return {"ttl": seconds if seconds > 0 else None}


def _get(on: On) -> Command:
    return ("GET", on.name)


def _hget(on: On) -> Command:
    return ("HGET", on.name, on.part)


def _lindex(on: On) -> Command:
    return ("LINDEX", on.name, on.index)


def _zscore(on: On) -> Command:
    return ("ZSCORE", on.name, on.part)


def _sismember(on: On) -> Command:
    return ("SISMEMBER", on.name, on.part)


def _edited(
    what: str, words: str, read: Callable[[On], Command], write: Callable[[On, Data], Command]
) -> Callable[[Place, On, Data], Done]:
    def act(place: Place, on: On, data: Data) -> Done:
        services.edit(
            place, on.name, what, read=read(on), seen=data["seen"], write=[write(on, data)]
        )
        return Done(words, on.name)

    return act


def _added(
    what: str, words: str, write: Callable[[On, Data], Command]
) -> Callable[[Place, On, Data], Done]:
    def act(place: Place, on: On, data: Data) -> Done:
        (reply,) = services.add_to(place, on.name, what, write(on, data))
        return Done(words if reply != 0 else "It was there already; nothing changed.", on.name)

    return act


def _add_field(place: Place, on: On, data: Data) -> Done:
    (reply,) = services.add_to(
        place, on.name, "field added", ("HSETNX", on.name, data["field"], data["value"])
    )
    if reply == 0:
        raise Conflict("There is a field of this name already. Edit it, or choose another name.")
    return Done("The field was added.", on.name)


def _remove_item(place: Place, on: On, data: Data) -> Done:
    services.remove_item(place, on.name, on.index, data["seen"])
    return Done("The item was removed.", on.name)


def _create(place: Place, _on: On, data: Data) -> Done:
    name = data["name"]
    services.create(place, name, _first_content(name, data), ttl_seconds=data["ttl"])
    return Done("The key was created.", name)


def _first_content(name: bytes, data: Data) -> Command:
    field, value = data["field"], data["value"]
    kind: str = data["kind"]
    contents: dict[str, Command] = {
        "string": ("SET", name, value),
        "hash": ("HSET", name, field, value),
        "list": ("RPUSH", name, value),
        "set": ("SADD", name, value),
        "zset": ("ZADD", name, str(data["score"] or 0), value),
        "stream": ("XADD", name, "*", field, value),
    }
    return contents[kind]


def _rename(place: Place, on: On, data: Data) -> Done:
    services.rename(place, on.name, data["name"])
    return Done("The key was renamed.", data["name"], is_gone=True)


def _copy(place: Place, on: On, data: Data) -> Done:
    services.copy(place, on.name, data["name"], data["database"])
    is_here = data["database"] == place.database
    return Done("The key was copied.", data["name"] if is_here else on.name)


def _expire(place: Place, on: On, data: Data) -> Done:
    services.expire(place, on.name, data["ttl"])
    words = "The key expires in time." if data["ttl"] else "The key stays until it is deleted."
    return Done(words, on.name)


def _delete(place: Place, on: On, _data: Data) -> Done:
    services.delete(place, on.name)
    return Done("The key was deleted.", None, is_gone=True)


NEW = "new"
OPERATIONS: dict[str, Operation] = {
    NEW: Operation("Create a key", "Create key", forms.NewKeyForm, _create),
    "set": Operation(
        "Edit the value",
        "Save",
        forms.ValueForm,
        _edited("value set", "Saved.", _get, lambda on, d: ("SET", on.name, d["value"], "KEEPTTL")),
        _value_form(_get),
        "The time to live stays as it is.",
    ),
    "add-field": Operation("Add a field", "Add field", forms.FieldForm, _add_field),
    "set-field": Operation(
        "Edit the field",
        "Save",
        forms.ValueForm,
        _edited("field set", "Saved.", _hget, lambda on, d: ("HSET", on.name, on.part, d["value"])),
        _value_form(_hget),
    ),
    "remove-field": Operation(
        "Remove this field?",
        "Remove field",
        forms.ConfirmForm,
        _edited(
            "field removed",
            "The field was removed.",
            _hget,
            lambda on, _: ("HDEL", on.name, on.part),
        ),
        _seen(_hget),
        is_danger=True,
    ),
    "push": Operation(
        "Add an item",
        "Add item",
        forms.PushForm,
        _added(
            "item added",
            "The item was added.",
            lambda on, d: ("LPUSH" if d["end"] == "head" else "RPUSH", on.name, d["value"]),
        ),
    ),
    "set-item": Operation(
        "Edit the item",
        "Save",
        forms.ValueForm,
        _edited(
            "item set", "Saved.", _lindex, lambda on, d: ("LSET", on.name, on.index, d["value"])
        ),
        _value_form(_lindex),
    ),
    "remove-item": Operation(
        "Remove this item?",
        "Remove item",
        forms.ConfirmForm,
        _remove_item,
        _seen(_lindex),
        "The items after it move up by one.",
        is_danger=True,
    ),
    "add-member": Operation(
        "Add a member",
        "Add member",
        forms.MemberForm,
        _added(
            "member added", "The member was added.", lambda on, d: ("SADD", on.name, d["member"])
        ),
    ),
    "remove-member": Operation(
        "Remove this member?",
        "Remove member",
        forms.ConfirmForm,
        _edited(
            "member removed",
            "The member was removed.",
            _sismember,
            lambda on, _: ("SREM", on.name, on.part),
        ),
        _seen(_sismember),
        is_danger=True,
    ),
    "add-scored": Operation(
        "Add a member",
        "Add member",
        forms.ScoredMemberForm,
        _added(
            "member added",
            "The member was added.",
            lambda on, d: ("ZADD", on.name, "NX", d["score"], d["member"]),
        ),
    ),
    "set-score": Operation(
        "Edit the score",
        "Save",
        forms.ScoreForm,
        _edited(
            "score set", "Saved.", _zscore, lambda on, d: ("ZADD", on.name, d["score"], on.part)
        ),
        _score_form,
    ),
    "remove-scored": Operation(
        "Remove this member?",
        "Remove member",
        forms.ConfirmForm,
        _edited(
            "member removed",
            "The member was removed.",
            _zscore,
            lambda on, _: ("ZREM", on.name, on.part),
        ),
        _seen(_zscore),
        is_danger=True,
    ),
    "add-entry": Operation(
        "Add an entry",
        "Add entry",
        forms.EntryForm,
        _added(
            "entry added",
            "The entry was added.",
            lambda on, d: ("XADD", on.name, d["entry"], d["field"], d["value"]),
        ),
    ),
    "remove-entry": Operation(
        "Remove this entry?",
        "Remove entry",
        forms.ConfirmForm,
        _added("entry removed", "The entry was removed.", lambda on, _: ("XDEL", on.name, on.part)),
        is_danger=True,
    ),
    "add-group": Operation(
        "Create a consumer group",
        "Create group",
        forms.GroupForm,
        _added(
            "group created",
            "The group was created.",
            lambda on, d: ("XGROUP", "CREATE", on.name, d["group"], d["start"]),
        ),
    ),
    "remove-group": Operation(
        "Delete this consumer group?",
        "Delete group",
        forms.ConfirmForm,
        _added(
            "group deleted",
            "The group was deleted.",
            lambda on, _: ("XGROUP", "DESTROY", on.name, on.part),
        ),
        text="Its place in the stream and its pending entries are forgotten; the entries stay.",
        is_danger=True,
    ),
    "rename": Operation("Rename the key", "Rename", forms.RenameForm, _rename, _name_form),
    "copy": Operation("Copy the key", "Copy", forms.CopyForm, _copy, _name_form),
    "ttl": Operation("Time to live", "Save", forms.TtlForm, _expire, _ttl_form),
    "delete": Operation(
        "Delete this key?",
        "Delete key",
        forms.ConfirmForm,
        _delete,
        text="It is removed for good, with all that it holds.",
        is_danger=True,
    ),
}
