"""Sign-in for programs. A trailing slash means the same as none, and nothing redirects."""

from django.urls import path

from accounts import api

app_name = "auth"
urlpatterns = [
    path("register", api.RegisterView.as_view(), name="register"),
    path("register/", api.RegisterView.as_view()),
    path("login", api.LoginView.as_view(), name="login"),
    path("login/", api.LoginView.as_view()),
    path("refresh", api.RefreshView.as_view(), name="refresh"),
    path("refresh/", api.RefreshView.as_view()),
    path("logout", api.LogoutView.as_view(), name="logout"),
    path("logout/", api.LogoutView.as_view()),
    path("me", api.MeView.as_view(), name="me"),
    path("me/", api.MeView.as_view()),
]
