"""What `make` says when it can't install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform import ROOT


def call(script: str, *arguments: str, cwd: Path, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [ROOT / ".ci" / script, *arguments],
        cwd=cwd,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A place with nothing but requirements that nobody can install."""
    wish = f"./missing-1-py3-none-any.whl --hash=sha256:{'0' * 64}\n"
    (tmp_path / "requirements.txt").write_text(wish)
    return tmp_path


def python_that(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_missing_python_is_said(clone: Path) -> None:
    code, words = call("venv", "requirements.txt", cwd=clone, PYTHON="no-such-python")
    assert (code, words.count("\n")) == (1, 1)
    assert "Python is missing" in words
    assert "apt-get install python3" in words


def test_old_python_is_said(clone: Path) -> None:
    old = python_that(clone / "old", '[ "$1" = -V ] && echo Python 3.9.2; [ "$1" = -V ]')
    code, words = call("venv", "requirements.txt", cwd=clone, PYTHON=old)
    assert (code, words.count("\n")) == (1, 1)
    assert "needs Python 3.11 or newer" in words
    assert "Python 3.9.2" in words


def test_missing_venv_module_is_said(clone: Path) -> None:
    bare = python_that(clone / "bare", 'case "$2" in *ensurepip*) exit 1;; esac')
    code, words = call("venv", "requirements.txt", cwd=clone, PYTHON=bare)
    assert (code, words.count("\n")) == (1, 1)
    assert "apt-get install python3-venv" in words


def test_failed_installation_says_what_to_do_and_is_tried_again(clone: Path) -> None:
    for _ in range(2):
        code, words = call("venv", "requirements.txt", cwd=clone, PYTHON=sys.executable)
        assert code == 1
        assert "missing-1-py3-none-any.whl" in words
        assert words.splitlines()[-1].startswith("redisgate: Installing failed")


def test_missing_programs_come_with_their_packages(tmp_path: Path) -> None:
    (tmp_path / "sed").symlink_to(str(shutil.which("sed")))
    path = str(tmp_path)
    code, words = call("programs", "sed", "redis-cli", "chromium", cwd=tmp_path, PATH=path)
    assert (code, words.count("\n")) == (1, 1)
    assert words.endswith("Install with: apt-get install redis-tools chromium\n")
