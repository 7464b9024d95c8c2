from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, Cast, make_user

Act = Callable[..., Any]


@pytest.fixture
def operator(cast: Cast) -> Client:
    """Somebody who runs the platform and belongs to no organization."""
    user = make_user("oscar")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = Client()
    assert client.login(email=user.email, password=PASSWORD)
    return client


@pytest.fixture
def act(operator: Client) -> Act:
    """Choose an action for rows; what it asks is answered, unless ``answers`` is None."""

    def choose(path: str, action: str, *rows: Any, answers: dict[str, Any] | None) -> Any:
        body = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
        if answers is not None:
            body |= {"confirmed": "yes", **answers}
        return operator.post(f"/admin/{path}/", body, follow=True)

    return choose
