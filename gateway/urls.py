"""The command API: one view for everything below ``/redis``."""

from django.urls import re_path

from gateway.api import CommandView

app_name = "gateway"
# A path may hold an encoded line feed, which a dot would not match, and Django can't reverse
# any URL of the platform beside a pattern with flags. The view reads the encoded path itself.
urlpatterns = [re_path(r"^redis(?:/[\s\S]*)?$", CommandView.as_view(), name="command")]
