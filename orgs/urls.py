"""URLs of this room."""

from django.urls import URLPattern, path

from orgs import views
from orgs.invitations import inviting_views
from orgs.members import views as member_views
from orgs.overview import deleting, overview

app_name = "orgs"
urlpatterns: list[URLPattern] = [
    # "new" stands where a slug would: orgs/validation.py keeps it from becoming one.
    path("", views.organization_list, name="list"),
    path("new/", views.create, name="create"),
    path("<slug:org>/", overview, name="overview"),
    path("<slug:org>/standing/", member_views.standing, name="standing"),
    path("<slug:org>/settings/", views.settings, name="settings"),
    path("<slug:org>/delete/", views.delete, name="delete"),
    path("<slug:org>/deleting/", deleting, name="deleting"),
    path("<slug:org>/leave/", member_views.leave, name="leave"),
    path("<slug:org>/members/", member_views.member_list, name="members"),
    path("<slug:org>/members/<uuid:member>/role/", member_views.change_role, name="role"),
    path("<slug:org>/members/<uuid:member>/remove/", member_views.remove, name="remove"),
    path("<slug:org>/members/<uuid:member>/transfer/", member_views.transfer, name="transfer"),
    path("<slug:org>/invitations/", inviting_views.invite, name="invite"),
    path("<slug:org>/invitations/withdraw/", inviting_views.withdraw_many, name="withdraw_many"),
    path("<slug:org>/invitations/<uuid:invitation>/resend/", inviting_views.resend, name="resend"),
    path(
        "<slug:org>/invitations/<uuid:invitation>/withdraw/",
        inviting_views.withdraw,
        name="withdraw",
    ),
]
