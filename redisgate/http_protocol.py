"""HTTP itself, where no application is asked yet."""

import json
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's protocol that refuses in JSON.

    Clients of the command API repeat what was not answered in JSON, writes included.
    """

    def send_400_response(self, msg: str) -> None:
        body = json.dumps({"error": f"ERR {msg}"}).encode("ascii")
        status = HTTPStatus.BAD_REQUEST
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\n"
            "Connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
