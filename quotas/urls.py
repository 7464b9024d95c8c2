"""URLs of this room."""

from django.urls import path

from quotas import views

app_name = "quotas"
urlpatterns = [
    path("", views.widget, name="widget"),
]
