"""Ask in a dialog, or on a page of its own without script, before something is done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from instances import pages
from instances.presentation import Shown
from instances.questions import Question
from orgs.access import Access
from redisgate.lib.htmx import is_htmx

CONFIRM = "confirm"
"""What a post says once the person has seen the question."""
DIALOG = "ask-dialog"


def is_confirmed(request: HttpRequest) -> bool:
    return CONFIRM in request.POST


def ask(request: HttpRequest, access: Access, shown: Shown, question: Question) -> HttpResponse:
    """Answer a post with the question; its form posts the same again, confirmed."""
    given = {name: request.POST[name] for name in request.POST if name != "csrfmiddlewaretoken"}
    values = pages.detail_context(
        access,
        shown,
        question=question,
        action=request.path,
        given={**given, CONFIRM: "yes"}.items(),
        target=pages.target_of(request),
        dialog=DIALOG,
    )
    if not is_htmx(request):
        return render(request, "instances/ask.html", values)
    response = pages.fragment(request, "_ask.html", values)
    return reswap(retarget(response, f"#{DIALOG}"), "outerHTML")
