"""What every page of the operators' admin starts with: looked at by operators, changed by actions.

Whoever may enter the admin at all (``is_staff``) runs the platform: there is one kind of operator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

M = TypeVar("M", bound=Model)
SHOWN_OBJECTS = 20


class NoFields(forms.Form):
    """Nothing to fill in beside the question."""


class LookOnlyAdmin(admin.ModelAdmin[M]):
    """Operators see the rows; nothing is added, changed or deleted by forms."""

    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True  # the site lets in operators alone

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


Act = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before an action; ``words`` say what follows from it."""

    title: str
    words: str
    button: str

    def page(
        self,
        page: admin.ModelAdmin[Any],
        request: HttpRequest,
        objects: QuerySet[Any],
        filled: forms.Form,
    ) -> HttpResponse:
        values = {
            **page.admin_site.each_context(request),
            "title": self.title,
            "words": self.words,
            "button": self.button,
            "form": filled,
            "objects": objects[:SHOWN_OBJECTS],
            "more": max(0, objects.count() - SHOWN_OBJECTS),
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "action": request.POST["action"],
            "opts": page.model._meta,
        }
        status = 422 if filled.is_bound else 200
        return TemplateResponse(request, "admin/ask_first.html", values, status=status)


def asked_first(
    *, title: str, words: str, button: str, form: type[forms.Form] = NoFields
) -> Callable[[Act], Callable[..., HttpResponse | None]]:
    """Have an action ask before it acts. It gets what the form holds as named arguments."""
    question = Question(title=title, words=words, button=button)

    def decorate(act: Act) -> Callable[..., HttpResponse | None]:
        @wraps(act)
        def asking(
            page: admin.ModelAdmin[Any], request: HttpRequest, objects: QuerySet[Any]
        ) -> HttpResponse | None:
            is_answered = "confirmed" in request.POST
            filled = form(request.POST if is_answered else None)
            if not (is_answered and filled.is_valid()):
                return question.page(page, request, objects, filled)
            act(page, request, objects, **filled.cleaned_data)
            return None

        return asking

    return decorate
