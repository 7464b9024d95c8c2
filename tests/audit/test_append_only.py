"""SQL that isn't an addition is refused by the database itself."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from audit import opening
from audit.models import AuditChain, AuditEvent, AuditLock, AuditSeal
from tests.audit.test_chain import write

pytestmark = pytest.mark.django_db

FORBIDDEN = [
    "UPDATE audit_auditevent SET actor_label = 'somebody else'",
    "UPDATE audit_auditevent SET changes = '{}' WHERE sequence = 1",
    "DELETE FROM audit_auditevent",
    "DELETE FROM audit_auditevent WHERE sequence = 2",
    "DELETE FROM audit_auditchain",
    "UPDATE audit_auditchain SET sequence = 1",
    "UPDATE audit_auditchain SET hash = 'x'",
    "DELETE FROM audit_auditseal",
    "UPDATE audit_auditseal SET last_sequence = 1000",
    "DELETE FROM audit_lock",
    "UPDATE audit_lock SET digest = 'x'",
    "INSERT INTO audit_lock (id, digest, secret) VALUES (1, 'x', 'x')",
]
REPLACING = [
    "REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent",
    "REPLACE INTO audit_auditchain SELECT * FROM audit_auditchain",
    "REPLACE INTO audit_auditseal SELECT * FROM audit_auditseal",
    "REPLACE INTO audit_lock SELECT * FROM audit_lock",
]
TRUNCATING = [
    f"TRUNCATE {table} CASCADE"
    for table in ("audit_auditevent", "audit_auditchain", "audit_auditseal", "audit_lock")
]
CONSPIRING = [
    # A table of one's own can't stand in for the one that the trigger reads.
    "CREATE TEMP TABLE audit_lock AS SELECT 1 AS id, {digest} AS digest, '' AS secret",
    "CREATE TEMP TABLE audit_opening AS SELECT 'mine' AS secret",
    "CREATE TEMP TABLE audit_auditseal AS SELECT organization_id AS chain_id, "
    "1000 AS last_sequence FROM audit_auditevent",
]
DIGEST = {"sqlite": "SHA256('mine')", "postgresql": "encode(sha256('mine'), 'hex')"}
REAL_DELETE = {
    "sqlite": "DELETE FROM main.audit_auditevent",
    "postgresql": "DELETE FROM public.audit_auditevent",
}


@pytest.fixture
def organization() -> uuid.UUID:
    organization = uuid.uuid4()
    for number in range(3):
        write(organization, number=number)
    seal(organization, through=1)
    return organization


def seal(organization: uuid.UUID, *, through: int) -> None:
    with opening.opened():
        AuditSeal.objects.create(
            chain_id=organization,
            first_sequence=1,
            last_sequence=through,
            last_hash=AuditEvent.objects.get(organization_id=organization, sequence=through).hash,
            file_name="x",
            file_sha256="x",
        )


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def statements() -> list[str]:
    return FORBIDDEN + (REPLACING if connection.vendor == "sqlite" else TRUNCATING)


def test_what_is_written_stays(organization: uuid.UUID) -> None:
    before = list(AuditEvent.objects.values_list())
    for statement in statements():
        with pytest.raises(IntegrityError, match="audit_append_only"):
            execute(statement)
    assert list(AuditEvent.objects.values_list()) == before


@pytest.mark.parametrize("guess", ["", "guess", "{digest}"])
def test_seal_without_the_secret_is_refused(organization: uuid.UUID, guess: str) -> None:
    shown = guess.format(digest=AuditLock.objects.get().digest)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_opening (secret) VALUES (%s)", [shown])
    with pytest.raises(IntegrityError, match="audit_append_only"), transaction.atomic():
        AuditSeal.objects.create(chain_id=organization, first_sequence=2, last_sequence=3)


def test_sealed_event_stays_without_the_secret(organization: uuid.UUID) -> None:
    with pytest.raises(IntegrityError, match="audit_append_only"), transaction.atomic():
        AuditEvent.objects.filter(sequence=1).delete()


def test_secret_alone_removes_nothing_that_is_not_sealed(organization: uuid.UUID) -> None:
    with pytest.raises(IntegrityError, match="audit_append_only"), opening.opened():
        AuditEvent.objects.filter(sequence=2).delete()


def test_secret_and_seal_together_let_an_event_go(organization: uuid.UUID) -> None:
    with opening.opened():
        AuditEvent.objects.filter(organization_id=organization, sequence__lte=1).delete()
    left = AuditEvent.objects.filter(organization_id=organization).order_by("sequence")
    assert [event.sequence for event in left] == [2, 3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_opening")
        assert cursor.fetchone() == (0,)


def test_secret_is_not_to_be_read_in_the_database(organization: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM audit_lock")
        (stored,) = cursor.fetchone()
    assert AuditLock.objects.get().secret not in stored


def test_temporary_tables_do_not_deceive_the_triggers(organization: uuid.UUID) -> None:
    for statement in CONSPIRING:
        execute(statement.format(digest=DIGEST[connection.vendor]))
    with pytest.raises(IntegrityError, match="audit_append_only"):
        execute(REAL_DELETE[connection.vendor])
    assert AuditChain.objects.exists()
