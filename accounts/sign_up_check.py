"""What is wrong with one field of a sign-up, said while the form is filled in.

Whether an address or a name is taken is left for the sign-up itself, whose attempts are limited:
here anybody could ask for as many as they like.
"""

from collections.abc import Callable, Mapping

from allauth.account.adapter import get_adapter
from allauth.account.utils import user_email, user_username
from django.core.exceptions import ValidationError

from accounts.forms import SignupForm
from accounts.models import User

PASSWORD = "password1"  # noqa: S105  the field's name


def problems(field: str, values: Mapping[str, str]) -> list[str]:
    """Give what the sign-up would say of this field, or nothing where it is fine or unknown."""
    check = CHECKS.get(field)
    if check is None or not values.get(field):
        return []
    try:
        check(values)
    except ValidationError as error:
        return list(error.messages)
    return []


def _email(values: Mapping[str, str]) -> None:
    SignupForm().fields["email"].clean(values["email"])


def _username(values: Mapping[str, str]) -> None:
    name = SignupForm().fields["username"].clean(values["username"])
    get_adapter().clean_username(name, shallow=True)


def _password(values: Mapping[str, str]) -> None:
    """Compare with the other fields, too: a password is not to be like a name."""
    somebody = User()
    user_email(somebody, values.get("email", ""))
    user_username(somebody, values.get("username", ""))
    get_adapter().clean_password(values[PASSWORD], user=somebody)


CHECKS: Mapping[str, Callable[[Mapping[str, str]], None]] = {
    "email": _email,
    "username": _username,
    PASSWORD: _password,
}
