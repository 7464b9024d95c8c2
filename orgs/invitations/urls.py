"""Where the links of invitations lead."""

from django.urls import path

from orgs.invitations import views as invitation_views

app_name = "invitations"
urlpatterns = [
    path("", invitation_views.opened, name="open"),
    path("<uuid:invitation>/", invitation_views.mine, name="mine"),
    path("accept/", invitation_views.accept, name="accept"),
    path("decline/", invitation_views.decline, name="decline"),
    path("switch/", invitation_views.switch, name="switch"),
    path("sign-up/", invitation_views.sign_up, name="sign-up"),
]
