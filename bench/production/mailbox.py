"""A mail server that takes every message and prints one line for it."""

import asyncio
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Printing:
    async def handle_DATA(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        sys.stdout.write("taken\n")
        sys.stdout.flush()
        return "250 taken"


def main() -> None:
    controller = Controller(Printing(), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main()
