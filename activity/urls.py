"""URLs of this room."""

from django.urls import path

from activity import views

app_name = "activity"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("export/", views.export, name="export"),
    path("<uuid:event>/", views.event_detail, name="detail"),
]
