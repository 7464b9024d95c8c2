"""The whole audit log in the operators' admin, persons' events included: to be read, no more."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from audit import organization_names
from audit.models import NEWEST_FIRST, AuditEvent
from redisgate.lib.operators_admin import LookOnlyAdmin

COUNTED = 5_000
LOOKED_THROUGH = 10_000
MONTHS = 24


class BoundedPaginator(Paginator[AuditEvent]):
    """Pages of the newest rows: to count a million of them takes longer than anybody reads."""

    @cached_property
    def count(self) -> int:
        assert isinstance(self.object_list, QuerySet)
        return len(self.object_list.values_list("pk")[:COUNTED])


class MonthFilter(admin.SimpleListFilter):
    """A date hierarchy that the index answers; Django's own looks at every row to draw itself."""

    title = "month"
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first = timezone.now().replace(day=1)
        months = []
        for _ in range(MONTHS):
            months.append((f"{first:%Y-%m}", f"{first:%B %Y}"))
            first = (first - timedelta(days=1)).replace(day=1)
        return months

    def queryset(self, request: HttpRequest, events: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in dict(self.lookup_choices):
            return events
        first = datetime.strptime(f"{self.value()}-01", "%Y-%m-%d").replace(tzinfo=UTC)
        return events.filter(at__gte=first, at__lt=(first + timedelta(days=32)).replace(day=1))


@admin.register(AuditEvent)
class AuditEventAdmin(LookOnlyAdmin[AuditEvent]):
    has_history = False  # it is the history
    list_display = ("at", "actor_label", "what", "object_label", "means", "address", "belongs_to")
    list_filter = (MonthFilter, "means", ("organization_id", admin.EmptyFieldListFilter))
    search_fields = ("actor_label", "object_label")
    search_help_text = (
        "An id of an event, organization, person or object, or words among the newest "
        f"{LOOKED_THROUGH:,} events."
    )
    ordering = NEWEST_FIRST
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    sortable_by = ()
    actions = None
    readonly_fields = tuple(field.name for field in AuditEvent._meta.concrete_fields)

    @admin.display(description="action")
    def what(self, event: AuditEvent) -> str:
        return event.action

    @admin.display(description="organization")
    def belongs_to(self, event: AuditEvent) -> str:
        names: Mapping[UUID, str] = getattr(event, "names", {})
        if event.organization_id is None:
            return "none"
        return names.get(event.organization_id, "deleted")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """List the page with the names of the organizations on it, in one query."""
        page = super().get_changelist_instance(request)
        events = list(page.result_list)
        names = organization_names.of({each.organization_id for each in events} - {None})
        for event in events:
            event.names = names
        page.result_list = events
        return page

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        """Find by id in the index, by words among the newest, which bounds the time it takes."""
        if not search_term:
            return queryset, False
        if by_id := _by_id(search_term):
            return queryset.filter(by_id), False
        edge = queryset.order_by(*NEWEST_FIRST).values_list("at", flat=True)
        oldest = edge[LOOKED_THROUGH : LOOKED_THROUGH + 1].first()
        newest = queryset.filter(at__gte=oldest) if oldest else queryset
        return super().get_search_results(request, newest, search_term)


def _by_id(text: str) -> Q | None:
    try:
        wanted = UUID(text.strip())
    except ValueError:
        return None
    columns = ("id", "organization_id", "actor_id", "object_id")
    return Q(*[(column, wanted) for column in columns], _connector=Q.OR)
