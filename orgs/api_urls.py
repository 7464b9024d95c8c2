"""Organizations in the management API."""

from django.urls import path

from orgs.api import OrganizationDetail, OrganizationList
from orgs.invitations import api as invitations_api
from orgs.members import api as members_api

app_name = "orgs_api"
urlpatterns = [
    path("", OrganizationList.as_view(), name="list"),
    path("/<uuid:org>", OrganizationDetail.as_view(), name="detail"),
    path("/<uuid:org>/leave", members_api.Leave.as_view(), name="leave"),
    path("/<uuid:org>/transfer", members_api.Transfer.as_view(), name="transfer"),
    path("/<uuid:org>/members", members_api.MemberList.as_view(), name="members"),
    path("/<uuid:org>/members/<uuid:member>", members_api.MemberDetail.as_view(), name="member"),
    path("/<uuid:org>/invitations", invitations_api.InvitationList.as_view(), name="invitations"),
    path(
        "/<uuid:org>/invitations/<uuid:invitation>",
        invitations_api.InvitationDetail.as_view(),
        name="invitation",
    ),
    path(
        "/<uuid:org>/invitations/<uuid:invitation>/resend",
        invitations_api.InvitationResend.as_view(),
        name="resend",
    ),
]
