"""Clients of httpx that ask an application in this process, and don't notice it.

What the network would do to them happens to them here, too: an answer that comes too late raises
`httpx.ReadTimeout`, one that ends too early `httpx.RemoteProtocolError`, and a server that is
closed `httpx.ConnectError`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.missing_packages import needed

if TYPE_CHECKING:
    from types import ModuleType

    import httpx

    App = Any
    """An application of ASGI, by types of Starlette, which this room doesn't know."""

_given_up: ContextVar[asyncio.Event] = ContextVar("_given_up")
"""Whether the client of the request in hand has given up."""


def load_httpx() -> ModuleType:
    """Import httpx, which only clients need.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    with needed("a client of the local server", "testing", "httpx"):
        import httpx
    return httpx


async def wait(seconds: float, ended: asyncio.Event) -> None:
    """Wait so long, but not for a client of this process that has given up by then.

    Args:
        seconds: how long.
        ended: set once nobody waits for a client of another process, either.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _given_up.get(ended).wait()


async def _answered(app: App, request: httpx.Request) -> httpx.Response:
    """Send a request; whatever becomes of its client, it is carried out to its end."""
    import httpx

    given_up = asyncio.Event()
    token = _given_up.set(given_up)
    answering = asyncio.ensure_future(httpx.ASGITransport(app).handle_async_request(request))
    _given_up.reset(token)
    try:
        patience = request.extensions.get("timeout", {}).get("read")
        done, _ = await asyncio.wait({answering}, timeout=patience)
        if not done:
            given_up.set()
            await asyncio.gather(answering, return_exceptions=True)
            message = "timed out"
            raise httpx.ReadTimeout(message, request=request)
        answer = answering.result()
        body = await answer.aread()
    except ConnectionRefusedError as error:
        raise httpx.ConnectError(str(error), request=request) from error
    except ConnectionResetError as error:
        raise httpx.RemoteProtocolError(str(error), request=request) from error
    finally:
        answering.cancel()
    return httpx.Response(answer.status_code, headers=answer.headers, content=body)


def async_transport(app: App) -> httpx.AsyncBaseTransport:
    """Return a transport for clients that wait for their answers."""
    import httpx

    class InProcess(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return await _answered(app, request)

    return InProcess()


def transport(app: App) -> httpx.BaseTransport:
    """Return a transport for clients that don't wait: each request has a loop of its own."""
    import httpx

    class InProcess(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            content = request.read()
            asked = httpx.Request(
                request.method,
                request.url,
                headers=request.headers,
                content=content,
                extensions=request.extensions,
            )
            return asyncio.run(_answered(app, asked))

    return InProcess()
