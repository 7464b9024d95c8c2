"""Rows that somebody ticked in a list, and the question before something is done to all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import reswap, retarget

from redisgate.lib.errors import InvalidInput
from redisgate.lib.htmx import is_htmx, toast

MOST = 500
"""So many rows one request may name."""
DIALOG = "#bulk-dialog"


@dataclass(frozen=True, slots=True)
class Row:
    """One of the chosen, as the question names it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """``typed`` is the word that has to be typed first; ``target`` the id that the answer swaps."""

    title: str
    words: str
    label: str
    rows: Sequence[Row]
    typed: str = ""
    target: str = ""
    action: str = ""
    is_wrong: bool = False

    @property
    def is_dangerous(self) -> bool:
        return bool(self.typed)


def ids(request: HttpRequest, name: str) -> list[UUID]:
    """Read the ids of the ticked rows, each once. Raises InvalidInput."""
    try:
        found = [UUID(text) for text in dict.fromkeys(request.POST.getlist(name))]
    except ValueError:
        words = f"Choose of the list what you mean by {name}. Reload the page and try again."
        raise InvalidInput(words) from None
    if len(found) > MOST:
        raise InvalidInput(f"Choose {MOST} at most.")
    return found


def is_confirmed(request: HttpRequest, typed: str = "") -> bool:
    """Tell whether the question was answered, with the word that it asks for."""
    said = request.POST.get("confirm", "").strip().lower()
    return "confirmed" in request.POST and (not typed or said == typed)


def nothing(request: HttpRequest, noun: str, page: str) -> HttpResponse:
    """Say that something must be chosen first."""
    words = f"Choose at least one {noun} first."
    if is_htmx(request):
        return toast(HttpResponse(status=HTTPStatus.NO_CONTENT), words, level="warning")
    messages.warning(request, words)
    return redirect(page)


def ask(
    request: HttpRequest, question: Question, *, name: str, page: str, shell: dict[str, object]
) -> HttpResponse:
    """Ask in the list's dialog, or on a page of its own without script.

    ``name`` is the field of the chosen ids, ``page`` leads back to the list, ``shell`` is what the
    page around it needs.
    """
    is_wrong = question.is_wrong
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    values = {**shell, "question": question, "name": name, "list_url": page, "url": request.path}
    template = "components/bulk_question.html" if is_htmx(request) else "bulk.html"
    answer = render(request, template, {**values, "is_page": not is_htmx(request)}, status=status)
    return reswap(retarget(answer, DIALOG), "innerHTML")


def names(rows: Iterable[tuple[UUID, str]]) -> list[Row]:
    return [Row(row_id, name) for row_id, name in rows]
