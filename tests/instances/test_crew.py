"""The threads behind the control loop."""

from threading import Event
from uuid import uuid4

import pytest

from instances.crew import LOOKERS, Crew, Look, Task
from instances.notebook import Users

NOBODY = Users(1, (), "", None)


def test_work_that_never_began_is_dropped_quietly_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    crew, is_over = Crew(lambda: None), Event()

    def hang() -> None:
        is_over.wait(30)

    for _ in range(LOOKERS + 1):
        crew.submit(Task(instance_id=uuid4(), work=Look(), users=NOBODY), hang)
    crew.close()
    is_over.set()
    assert caplog.text == ""
