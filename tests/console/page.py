"""A page's end of a console: what it sends, what it is told."""

import json
from typing import Any

from accounts.models import User
from instances.models import Instance
from tests.instances.sockets import Socket

Message = dict[str, Any]
ANSWERS = ("reply", "ask", "end")


class Page(Socket):
    """An open console of a person."""

    def __init__(self, instance: Instance, user: User | None) -> None:
        where = f"{instance.organization_id}/instances/{instance.id}"
        super().__init__(f"/ws/orgs/{where}/console/", user)

    async def do(self, **sent: str) -> None:
        await self.send({"type": "websocket.receive", "text": json.dumps(sent)})

    async def next(self, *kinds: str) -> Message:
        """Wait for the next message, of one of these kinds where some are given."""
        while True:
            message: Message = json.loads(await self.next_html())
            if not kinds or message["type"] in kinds:
                return message

    async def ready(self) -> Message:
        return await self.next("ready")

    async def answer(self, line: str) -> Message:
        """Enter a line and give the answer to it."""
        await self.do(do="enter", line=line)
        return await self.next(*ANSWERS)

    async def type(self, line: str) -> str:
        """Enter a line and give the text of its reply."""
        answer = await self.answer(line)
        assert answer["type"] == "reply", answer
        text: str = answer["text"]
        return text
