"""Listening: the application behind uvicorn, on a socket of this process."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.px.server", "server", "uvicorn"):
    import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import ASGIApp

_BACKLOG = 2048
_GRACE = 2
_JOINED = 10.0


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to a host and port; 0 for any port that is free.

    Raises:
        OSError: if the host is none of this machine, or the port is taken.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, type_, protocol, _, address = found[0]
    # Without the protocol there is no TCP_NODELAY, and each answer waits 40 ms.
    listening = socket.socket(family, type_, protocol or socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def origin_of(listening: socket.socket) -> str:
    """Return the beginning of the URLs under which a socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(app: ASGIApp) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http="h11",
        interface="asgi3",
        proxy_headers=False,
        lifespan="off",
        # Its log of accesses has query strings in it.
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    return uvicorn.Server(config)


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until the process is asked to end, by Ctrl-C or SIGTERM."""
    with listening:
        _server(app).run(sockets=[listening])


@contextmanager
def in_a_thread(app: ASGIApp, listening: socket.socket) -> Generator[str]:
    """Serve until the `with` statement ends; returns the beginning of the URLs."""
    server = _server(app)
    serve: Callable[[], None] = lambda: server.run(sockets=[listening])  # noqa: E731 — typed so
    # The process could end even if the server wouldn't.
    thread = threading.Thread(target=serve, name="filterlang-server", daemon=True)
    with listening:
        thread.start()
        try:
            # Who connects before the server is up waits in the queue of the socket.
            yield origin_of(listening)
        finally:
            server.should_exit = True
            thread.join(_JOINED)
