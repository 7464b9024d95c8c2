"""What can be done to a key: each operation's question, and the service that carries it out."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms as django_forms

from browser import forms, prefilling, services
from browser.asked import Data, Done, On
from browser.connection import Command
from browser.prefilling import Prepare, Read, get, hget, lindex, sismember, zscore
from browser.services import Place
from redisgate.lib.errors import Conflict

Act = Callable[[Place, On, Data], Done]
Write = Callable[[On, Data], Command]


@dataclass(frozen=True, slots=True)
class Operation:
    """One button. ``prepare`` fills its form from what is there now."""

    title: str
    label: str
    form: type[django_forms.Form]
    act: Act
    prepare: Prepare | None = None
    text: str = ""
    is_danger: bool = False


def _edited(what: str, words: str, read: Read, write: Write) -> Act:
    def act(place: Place, on: On, data: Data) -> Done:
        services.edit(
            place, on.name, what, read=read(on), seen=data["seen"], write=[write(on, data)]
        )
        return Done(words, on.name)

    return act


def _added(what: str, words: str, write: Write) -> Act:
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
        _edited(
            "value set",
            "Saved.",
            get,
            lambda on, d: ("SET", on.name, d["value"], "KEEPTTL"),
        ),
        prefilling.value_form(get),
        "The time to live stays as it is.",
    ),
    "add-field": Operation("Add a field", "Add field", forms.FieldForm, _add_field),
    "set-field": Operation(
        "Edit the field",
        "Save",
        forms.ValueForm,
        _edited(
            "field set",
            "Saved.",
            hget,
            lambda on, d: ("HSET", on.name, on.part, d["value"]),
        ),
        prefilling.value_form(hget),
    ),
    "remove-field": Operation(
        "Remove this field?",
        "Remove field",
        forms.ConfirmForm,
        _edited(
            "field removed",
            "The field was removed.",
            hget,
            lambda on, _: ("HDEL", on.name, on.part),
        ),
        prefilling.seen(hget),
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
            "item set",
            "Saved.",
            lindex,
            lambda on, d: ("LSET", on.name, on.index, d["value"]),
        ),
        prefilling.value_form(lindex),
    ),
    "remove-item": Operation(
        "Remove this item?",
        "Remove item",
        forms.ConfirmForm,
        _remove_item,
        prefilling.seen(lindex),
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
            sismember,
            lambda on, _: ("SREM", on.name, on.part),
        ),
        prefilling.seen(sismember),
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
            "score set",
            "Saved.",
            zscore,
            lambda on, d: ("ZADD", on.name, d["score"], on.part),
        ),
        prefilling.score_form,
    ),
    "remove-scored": Operation(
        "Remove this member?",
        "Remove member",
        forms.ConfirmForm,
        _edited(
            "member removed",
            "The member was removed.",
            zscore,
            lambda on, _: ("ZREM", on.name, on.part),
        ),
        prefilling.seen(zscore),
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
    "rename": Operation(
        "Rename the key", "Rename", forms.RenameForm, _rename, prefilling.name_form
    ),
    "copy": Operation("Copy the key", "Copy", forms.CopyForm, _copy, prefilling.name_form),
    "ttl": Operation("Time to live", "Save", forms.TtlForm, _expire, prefilling.ttl_form),
    "delete": Operation(
        "Delete this key?",
        "Delete key",
        forms.ConfirmForm,
        _delete,
        text="It is removed for good, with all that it holds.",
        is_danger=True,
    ),
}
