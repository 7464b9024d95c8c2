"""Lines to paste start the same platform that said them."""

from pathlib import Path

import pytest
from django.conf import settings

from redisgate.supervisor import pasteable


@pytest.mark.parametrize(
    ("host", "data_dir", "line"),
    [
        (settings.DEFAULT_HOST, settings.DEFAULT_DATA_DIR, "make run PORT=8000"),
        (settings.DEFAULT_HOST, Path("/srv/x"), "make run PORT=8000 DATA_DIR=/srv/x"),
        ("0.0.0.0", Path("/srv/a b"), "make run HOST=0.0.0.0 PORT=8000 DATA_DIR='/srv/a b'"),  # noqa: S104
    ],
)
def test_start_at_another_port_keeps_the_data(host: str, data_dir: Path, line: str) -> None:
    assert pasteable.make_run(host=host, port=8000, data_dir=data_dir) == line
