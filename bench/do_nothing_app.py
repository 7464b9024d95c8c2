"""What ``bench.contenders.do_nothing`` serves."""

from gateway.asgi_limits import Receive, Scope, Send

BODY = b'{"result":"OK"}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
