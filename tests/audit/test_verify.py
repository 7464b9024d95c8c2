"""`manage.py audit_verify` finds whatever was done behind the triggers' backs."""

import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from audit import chain
from audit.models import AuditChain, AuditEvent
from tests.append_only import without_triggers
from tests.audit.test_chain import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> uuid.UUID:
    organization = uuid.uuid4()
    for number in range(5):
        write(organization, number=number)
    return organization


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def execute(statement: str) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(statement)


def broken(said: pytest.CaptureFixture[str], **options: object) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", **options)
    assert ended.value.code == 1
    return said.readouterr().out


def test_whole_chain_holds(organization: uuid.UUID, said: pytest.CaptureFixture[str]) -> None:
    call_command("audit_verify", organization=str(organization))
    head = AuditChain.objects.get(pk=organization)
    assert said.readouterr().out == f"{organization}: 5 events hold; ends at 5 {head.hash}\n"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_auditevent SET actor_label = 'x' WHERE sequence = 3", "event 3 "),
        ("UPDATE audit_auditevent SET changes = '{}' WHERE sequence = 2", "event 2 "),
        ("UPDATE audit_auditevent SET object_type = 'x' WHERE sequence = 1", "event 1 "),
        ("DELETE FROM audit_auditevent WHERE sequence = 1", "event 1 is missing"),
        ("DELETE FROM audit_auditevent WHERE sequence IN (2, 3)", "events 2 to 3 are missing"),
        ("DELETE FROM audit_auditevent WHERE sequence > 3", "events 4 to 5 are missing"),
        ("DELETE FROM audit_auditchain", "head of the chain is missing"),
        ("UPDATE audit_auditchain SET sequence = 4", "isn't the hash of event 4"),
    ],
)
def test_what_was_changed_is_named(
    organization: uuid.UUID, said: pytest.CaptureFixture[str], statement: str, words: str
) -> None:
    execute(statement)
    assert words in broken(said)


def test_chain_cut_off_with_its_head_is_not_signed(
    organization: uuid.UUID, said: pytest.CaptureFixture[str]
) -> None:
    fourth = AuditEvent.objects.get(sequence=4)
    execute("DELETE FROM audit_auditevent WHERE sequence = 5")
    execute(f"UPDATE audit_auditchain SET sequence = 4, hash = '{fourth.hash}'")  # noqa: S608
    assert "isn't signed" in broken(said)


def test_chain_cut_off_to_an_earlier_signed_head_is_found_by_an_anchor(
    organization: uuid.UUID, said: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    early = AuditChain.objects.get(pk=organization)
    write(organization)
    call_command("audit_verify", anchors=tmp_path / "anchors")
    execute("DELETE FROM audit_auditevent WHERE sequence = 6")
    execute(
        f"UPDATE audit_auditchain SET sequence = 5, hash = '{early.hash}', "  # noqa: S608
        f"signature = '{early.signature}'"
    )
    call_command("audit_verify")
    assert "event 6 isn't the one" in broken(said, against=tmp_path / "anchors")


def test_chain_that_is_gone_altogether_is_missed_by_its_anchor(
    organization: uuid.UUID, said: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_command("audit_verify", anchors=tmp_path / "anchors")
    execute("DELETE FROM audit_auditevent")
    execute("DELETE FROM audit_auditchain")
    call_command("audit_verify")
    assert f"{organization}: BROKEN" in broken(said, against=tmp_path / "anchors")


def test_anchor_holds_while_the_chain_grows(organization: uuid.UUID, tmp_path: Path) -> None:
    call_command("audit_verify", anchors=tmp_path / "anchors")
    write(organization)
    call_command("audit_verify", against=tmp_path / "anchors")


def test_unknown_organization_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("audit_verify", organization="never-was")
    assert "Give a slug, an id, or platform." in capsys.readouterr().err


def test_platform_chain_goes_by_its_word(capsys: pytest.CaptureFixture[str]) -> None:
    write()
    call_command("audit_verify", organization="platform")
    assert capsys.readouterr().out.startswith("platform: 1 events hold")
    assert chain.organization_of(chain.PLATFORM) is None
