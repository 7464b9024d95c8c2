"""What every page of the operators' admin starts with: looked at by operators, changed by actions.

Whoever may enter the admin at all (``is_staff``) runs the platform: there is one kind of operator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from redisgate.lib.admin_labels import label_of
from redisgate.lib.errors import RedisGateError

M = TypeVar("M", bound=Model)
Column = str | Callable[[Any], Any]
SHOWN_OBJECTS = 20
AUDIT_LOG = "admin:audit_auditevent_changelist"
NO_ORGANIZATION = {"organization_id__isempty": "1"}


class NoFields(forms.Form):
    """Nothing to fill in beside the question."""


class LookOnlyAdmin(admin.ModelAdmin[M]):
    """Operators see the rows; nothing is added, changed or deleted by forms."""

    list_per_page = 50
    has_history = True
    """Whether the audit log tells what was done to a row."""

    def act_on_each(self, request: HttpRequest, rows: QuerySet[M], act: Callable[[M], bool]) -> int:
        """Do it to each row, tell what was refused, and return how many it changed."""
        changed = 0
        for row in rows:
            try:
                changed += act(row)
            except RedisGateError as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        return changed

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._labelled(name) for name in super().get_list_display(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [self._labelled(name) for name in super().get_readonly_fields(request, obj)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = super().get_fields(request, obj)
        looked_at = set(self.readonly_fields)
        return [self._labelled(name) if name in looked_at else name for name in fields]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.label = capfirst(label_of(db_field.name))
        return field

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["has_history"] = self.has_history
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the audit log of a row; Django's own history is of forms, which nothing is done by.

        The log's index begins with the organization.
        """
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_history:
            raise Http404
        organization = self.organization_of(row)
        whose = {"organization_id__exact": organization} if organization else NO_ORGANIZATION
        query = urlencode({**whose, "object_id__exact": row.pk})
        return HttpResponseRedirect(f"{reverse(AUDIT_LOG)}?{query}")

    def organization_of(self, row: M) -> UUID | None:
        """Tell in whose log events of a row stand; None is the platform's own."""
        found: UUID | None = getattr(row, "organization_id", None)
        return found

    def _labelled(self, column: Column) -> Column:
        """Give a column of the table under the name that people read."""
        if not isinstance(column, str) or not self._is_renamed(column):
            return column
        return self._columns.setdefault(column, _column(column))

    def _is_renamed(self, name: str) -> bool:
        field = {each.name: each for each in self.model._meta.concrete_fields}.get(name)
        return field is not None and label_of(name) != field.verbose_name and not field.choices

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {}

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


def _column(name: str) -> Callable[[Model], Any]:
    @admin.display(description=label_of(name), ordering=name)
    def column(row: Model) -> Any:
        return getattr(row, name)

    return column


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
