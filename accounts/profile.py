"""How a person is called."""

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import USERNAME_MIN_LENGTH
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from redisgate.lib.errors import InvalidInput
from redisgate.lib.one_line import one_line
from redisgate.lib.write_lock import retried_when_locked

LONGEST_NAME = 80
LONGEST_USERNAME = 150


@retried_when_locked
def update(actor: Actor, user: User, *, username: str, shown_name: str) -> None:
    """Change the username, by the rules of the sign-up page, and the shown name.

    Raises InvalidInput with the fields.
    """
    username, shown_name = _checked(user, username, shown_name)
    before = {"username": user.username, "shown_name": user.shown_name}
    after = {"username": username, "shown_name": shown_name}
    if after == before:
        return
    user.username, user.shown_name = username, shown_name
    try:
        with transaction.atomic():
            user.save(update_fields=["username", "shown_name"])
            audit.record(
                actor,
                Action.ACCOUNT_UPDATE,
                organization_id=None,
                object_id=user.id,
                object_label=user.email,
                changes={"before": before, "after": after},
            )
    except IntegrityError as error:
        # Somebody took it between the check and the update; the index has decided.
        raise _invalid({"username": [get_adapter().error_messages["username_taken"]]}) from error


def _checked(user: User, username: str, shown_name: str) -> tuple[str, str]:
    problems: dict[str, list[str]] = {}
    try:
        if username != user.username:
            username = _username(username)
    except ValidationError as error:
        problems["username"] = list(error.messages)
    try:
        shown_name = one_line(shown_name)
        if len(shown_name) > LONGEST_NAME:
            raise ValueError(f"Choose a name of at most {LONGEST_NAME} characters.")
    except ValueError as error:
        problems["shown_name"] = [str(error)]
    if problems:
        raise _invalid(problems)
    return username, shown_name


def _username(username: str) -> str:
    if not USERNAME_MIN_LENGTH <= len(username) <= LONGEST_USERNAME:
        raise ValidationError(
            f"Choose a username of {USERNAME_MIN_LENGTH} to {LONGEST_USERNAME} characters."
        )
    cleaned: str = get_adapter().clean_username(username)
    return cleaned


def _invalid(problems: dict[str, list[str]]) -> InvalidInput:
    name, words = next(iter(problems.items()))
    return InvalidInput(f"{name}: {words[0]}", details={"errors": problems})
