"""Pages for what went wrong: in words, with a way on."""

from http import HTTPStatus

import pytest
from django.template.loader import render_to_string
from django.test import Client

from redisgate.lib.errors import Conflict


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_page_renders_without_any_context(page: str) -> None:
    text = render_to_string(f"{page}.html")
    assert "<h1>" in text
    assert 'href="/"' in text


@pytest.mark.django_db
def test_unknown_page_says_so_with_a_way_on(client: Client) -> None:
    response = client.get("/nowhere")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "There is nothing here" in response.text
    assert "Go to your dashboard" in response.text


@pytest.mark.django_db
def test_form_without_token_says_to_reload() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "a@example.com", "password": "x"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "This form was open for too long" in response.text


def test_refusal_shows_the_words_of_the_error() -> None:
    text = render_to_string("refusal.html", {"error": Conflict("Stop <it> first.")})
    assert "Stop &lt;it&gt; first." in text
    assert "Not possible right now" in text
    assert "409" in text
