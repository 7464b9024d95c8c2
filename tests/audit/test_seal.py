"""`manage.py audit_seal`: what is old leaves for a signed file, and the chain still holds."""

import gzip
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from activity import retention
from audit import sealing
from audit.models import AuditEvent, AuditSeal
from tests.audit.test_chain import write
from tests.audit.test_verify import broken, execute

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def organization(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> uuid.UUID:
    """Five events, one a day, of which the last three are kept."""
    organization, today = uuid.uuid4(), timezone.now()
    settings.AUDIT_RETENTION_DAYS = 3
    for number in range(5):
        moment = today - DAY * (5 - number) + timedelta(hours=1)
        with monkeypatch.context() as patch:
            patch.setattr("audit.services.timezone.now", lambda moment=moment: moment)
            write(organization, number=number)
    return organization


def numbers(organization: uuid.UUID) -> list[int]:
    events = AuditEvent.objects.filter(organization_id=organization).order_by("sequence")
    return [event.sequence for event in events]


def test_old_events_leave_and_the_chain_holds_over_file_and_rest(
    organization: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit_seal", directory=tmp_path)
    assert numbers(organization) == [3, 4, 5, 6]
    assert AuditEvent.objects.get(sequence=6).action == "audit.seal"
    call_command("audit_verify", directory=tmp_path)
    assert "4 events hold, 2 more sealed; ends at 6" in capsys.readouterr().out
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert gzip.decompress(path.read_bytes()).count(b"\n") == 4


def test_controller_seals_by_itself_every_so_many_days(
    organization: uuid.UUID,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATA_DIR = tmp_path
    assert retention.seal_what_is_due() == 0, "it was not asked to"
    settings.AUDIT_SEAL_EVERY_DAYS = 30
    assert retention.seal_what_is_due() == 1
    assert numbers(organization) == [3, 4, 5, 6]
    settings.AUDIT_RETENTION_DAYS = 2
    assert retention.seal_what_is_due() == 0, "it did a moment ago"
    later = timezone.now() + 31 * DAY
    monkeypatch.setattr("activity.retention.timezone.now", lambda: later)
    assert retention.seal_what_is_due() == 1
    assert numbers(organization) == [7], "the word of this sealing"


def test_second_seal_goes_on_where_the_first_ended(
    organization: uuid.UUID, tmp_path: Path, settings: Settings
) -> None:
    call_command("audit_seal", directory=tmp_path)
    call_command("audit_seal", directory=tmp_path)
    assert AuditSeal.objects.count() == 1
    settings.AUDIT_RETENTION_DAYS = 2
    call_command("audit_seal", directory=tmp_path)
    assert [seal.first_sequence for seal in AuditSeal.objects.all()] == [1, 3]
    call_command("audit_verify", directory=tmp_path)


def test_nothing_is_sealed_unless_asked(
    organization: uuid.UUID, tmp_path: Path, settings: Settings
) -> None:
    settings.AUDIT_RETENTION_DAYS = 0
    call_command("audit_seal", directory=tmp_path)
    assert numbers(organization) == [1, 2, 3, 4, 5]
    assert list(tmp_path.iterdir()) == []


def test_removal_that_was_interrupted_is_finished_by_the_next_call(
    organization: uuid.UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "_remove_sealed", lambda _: None)
        call_command("audit_seal", directory=tmp_path)
    assert numbers(organization)[0] == 1
    call_command("audit_verify", directory=tmp_path)
    call_command("audit_seal", directory=tmp_path)
    assert numbers(organization)[0] == 3


def test_chain_that_does_not_hold_is_not_sealed(
    organization: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    execute("UPDATE audit_auditevent SET actor_label = 'x' WHERE sequence = 2")
    with pytest.raises(SystemExit):
        call_command("audit_seal", directory=tmp_path)
    assert "event 2 was changed" in capsys.readouterr().err
    assert numbers(organization) == [1, 2, 3, 4, 5]
    assert list(tmp_path.iterdir()) == []


def changed(lines: bytes) -> bytes:
    return lines.replace(b"cache", b"CACHE")


def cut(lines: bytes) -> bytes:
    return lines[: lines.rindex(b"\n", 0, -1) + 1]


def without_an_event(lines: bytes) -> bytes:
    first, _, *rest = lines.splitlines(keepends=True)
    return b"".join([first, *rest])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (changed, "event 1 was changed"),
        (cut, "its end is missing"),
        (without_an_event, "event 1 is missing"),
        (lambda lines: lines.replace(b'"signature":"', b'"signature":"0'), "not ours"),
        (lambda lines: lines[:30], "can't be read"),
    ],
)
def test_damaged_file_is_named(
    organization: uuid.UUID,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[bytes], bytes],
    words: str,
) -> None:
    call_command("audit_seal", directory=tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(gzip.compress(damage(gzip.decompress(path.read_bytes()))))
    assert words in broken(capsys, directory=tmp_path)
    path.unlink()
    assert "the file is not there" in broken(capsys, directory=tmp_path)
    call_command("audit_verify", directory=tmp_path, without_files=True)
