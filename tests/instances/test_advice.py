"""Words of servers get a sentence that says what to do."""

import pytest

from instances.advice import advice, with_advice


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("MISCONF Errors writing to the AOF file: No space left on device", "The machine's disk"),
        ("MISCONF Valkey is configured to save RDB snapshots", "The server can't save its data"),
        ("BUSY Valkey is busy running a script. You can only call SCRIPT KILL", "A script runs"),
        ("# Can't open or create append-only dir: Permission denied", "The server may not write"),
        ("# Bad file format reading the append only file", "The file that holds the data"),
        ("# Short read or OOM loading DB. Unrecoverable error", "The file that holds the data"),
        ("# Can't initialize Background Jobs: Resource temporarily unavailable", "The machine has"),
        ("# Out Of Memory allocating 1024 bytes!", "The machine has too little memory"),
    ],
)
def test_trouble_gets_advice(said: str, start: str) -> None:
    assert advice(said).startswith(start)
    assert with_advice(said) == f"{advice(said)}\n{said}"


@pytest.mark.parametrize("said", ["", "ERR something else", "the MISCONF of others"])
def test_what_we_do_not_know_stays_as_it_is(said: str) -> None:
    assert (advice(said), with_advice(said)) == ("", said)
