"""Invitations in the management API, for those who are invited."""

from django.urls import path

from orgs.invitations.api import Accept, Decline

app_name = "invitations_api"
urlpatterns = [
    path("/accept", Accept.as_view(), name="accept"),
    path("/decline", Decline.as_view(), name="decline"),
]
