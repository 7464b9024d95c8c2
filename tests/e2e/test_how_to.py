"""The examples of a how-to page print what the page says."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Ready
from tests.platform import ROOT

pytestmark = pytest.mark.e2e

PAGE = ROOT / "docs" / "how-to" / "write-safely-over-http.md"
BLOCK = re.compile(r"^```(bash|json|text)\n(.*?)^```$", re.M | re.S)
MARK = "--- next ---"


def test_examples_of_safe_writes_print_what_the_page_says(ready: Ready, tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text())
    scripts = [text for language, text in blocks if language == "bash"]
    expected = [text for language, text in blocks if language != "bash"]
    assert len(scripts) == len(expected) > 5
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", f"\necho '{MARK}'\n".join(scripts)],
        env={"PATH": os.environ["PATH"], "URL": ready.url, "TOKEN": ready.token},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    printed = done.stdout.replace("\r", "").split(MARK)
    # Replies end without a line feed.
    assert [_lines(text) for text in printed] == [_lines(text) for text in expected]


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("}{", "}\n{").splitlines() if line]
