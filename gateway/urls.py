"""The command API: one view for everything below ``/redis``."""

import re

from django.urls import re_path

from gateway.api import CommandView

app_name = "gateway"
# DOTALL, because a path may hold an encoded line feed. The view reads the encoded path itself.
EVERYTHING_BELOW = re.compile(r"^redis(?:/.*)?$", re.DOTALL)

urlpatterns = [re_path(EVERYTHING_BELOW.pattern, CommandView.as_view(), name="command")]
