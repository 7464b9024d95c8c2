"""Settings as another environment would make them, judged without a process for each."""

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from tests.platform import ROOT

SETTINGS = str(ROOT / "redisgate" / "settings.py")
RANDOM = "n8Vx2kQz7LwT4mYb1RcJ6hGs9DfP3aEu5WiZoXtKvMqBjNlC0S"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://redis.example.com",
    "SECRET_KEY": RANDOM,
    "DATABASE_URL": "postgres://redisgate:hunter2@db:5432/redisgate",
    "REDIS_URL": "redis://:hunter2@redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:hunter2@mail.example.com:587",
    "TRUSTED_PROXIES": "10.0.0.5",
}

Read = Callable[..., SimpleNamespace]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Give ``read(NAME=value, ...)``: the settings that this environment alone makes."""

    def read(**variables: str) -> SimpleNamespace:
        alone = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), **variables}
        with patch.dict(os.environ, alone, clear=True):
            return SimpleNamespace(**runpy.run_path(SETTINGS))

    return read
