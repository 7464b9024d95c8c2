"""Sign-in for programs."""

from django.urls import path

from accounts import api, program_api

app_name = "auth"
urlpatterns = [
    path("register", api.RegisterView.as_view(), name="register"),
    path("login", api.LoginView.as_view(), name="login"),
    path("refresh", api.RefreshView.as_view(), name="refresh"),
    path("logout", api.LogoutView.as_view(), name="logout"),
    path("tokens", program_api.ProgramList.as_view(), name="tokens"),
    path("tokens/<uuid:family>", program_api.ProgramDetail.as_view(), name="token"),
    path("me", api.MeView.as_view(), name="me"),
]
