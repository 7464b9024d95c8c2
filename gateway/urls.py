"""The command API: one view for everything below ``/redis``."""

from django.urls import re_path

from gateway.api import CommandView

app_name = "gateway"
# With (?s), because a path may hold an encoded line feed. The view reads the encoded path itself.
urlpatterns = [re_path(r"(?s)^redis(?:/.*)?$", CommandView.as_view(), name="command")]
