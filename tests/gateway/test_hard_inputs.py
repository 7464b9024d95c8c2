"""Every hard input: the right answer, and the next request on the same connection right."""

from uuid import uuid4

import pytest

from tests.gateway.cases import ANY, CASES, Case
from tests.gateway.parts import Client


@pytest.mark.parametrize("case", CASES, ids=[f"{n}: {case.name}" for n, case in enumerate(CASES)])
async def test_hard_input_is_answered_and_the_next_request_is_right(
    client: Client, case: Case
) -> None:
    for command in case.before:
        assert (await client.command(*command))[0] == 200

    status, answer = await client.send(case.method, case.path, case.body, encoding=case.encoding)

    assert (status, answer) == (case.status, answer if case.answer is ANY else case.answer)
    if case.error:
        assert isinstance(answer, dict)
        assert list(answer) == ["error"]
        assert answer["error"].startswith(case.error)
    nonce = uuid4().hex
    assert await client.command("ECHO", nonce) == (200, {"result": nonce})
