"""Answers of an application that are none as they should be: errors asked for, and torn ones."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from filterlang.testing.scripted_faults import Failure

    # Starlette's types of ASGI, which this room doesn't know.
    Scope = Any
    Receive = Any
    Send = Any


class TornAnswer:
    """Sends one half of an answer, of which it says that it is longer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Any = None

    async def __call__(self, message: Any) -> None:
        """Send the head of the answer, or half of its body."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body = message.get("body", b"")
        headers = [one for one in self._start["headers"] if one[0].lower() != b"content-length"]
        length = str(len(body) + 1).encode()
        await self._send({**self._start, "headers": [*headers, (b"content-length", length)]})
        half = body[: len(body) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})


async def send_failure(fault: Failure, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request as a test wants it, once the request has come whole."""
    from filterlang.px.server.app import answer_to
    from filterlang.px.server.problems import Problem

    while (await receive()).get("more_body"):
        """Read the body to its end, as a server does before it answers."""
    if fault.body is None:
        message = "this answer was asked for by the test"
        problem = Problem(HTTPStatus(fault.status), message, headers=fault.headers)
        await answer_to(problem)(scope, receive, send)
        return
    headers = {
        "content-type": "text/plain; charset=utf-8",
        **{name.lower(): value for name, value in fault.headers.items()},
        "content-length": str(len(fault.body)),
    }
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": encoded})
    await send({"type": "http.response.body", "body": fault.body})
