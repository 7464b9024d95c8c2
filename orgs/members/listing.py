"""The order of the lists of members."""

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf

from orgs.roles import Role
from redisgate.lib.sorting import Column

USUAL = ("user__username", "id")
_SHOWN = Coalesce(NullIf("user__shown_name", Value("")), "user__username")
_RANK = Case(
    *(When(role=role, then=Value(rank)) for rank, role in enumerate(Role)),
    output_field=IntegerField(),
)
HEADS = (
    Column("Name", "name", Lower(_SHOWN)),
    Column("Role", "role", _RANK),
    Column("Since", "since", "created_at", begins_high=True),
)
INVITED = (Column("Email"), Column("Role"), Column("Link"))
