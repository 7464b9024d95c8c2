"""URLs of this room, below /orgs/<org>/instances/<instance>/data/."""

from django.urls import path

from browser import sweep_views, views

app_name = "browser"
urlpatterns = [
    path("", views.page, name="page"),
    path("keys/", views.keys, name="keys"),
    path("key/", views.key, name="key"),
    path("do/<slug:operation>/", views.operate, name="operate"),
    path("delete-many/", sweep_views.ask, name="sweep"),
    path("delete-many/count/", sweep_views.count, name="sweep_count"),
    path("delete-many/go/", sweep_views.go, name="sweep_go"),
]
