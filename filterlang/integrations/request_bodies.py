"""The body of a request, as far as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST_DIGITS = 20
"""More digits than these are no length of anything, and Python refuses to read very many."""


async def read_bounded(request: Request, most: int) -> bytes | None:
    """Read the body of a request; None if it has, or says that it has, more than `most` bytes.

    Raises:
        ClientDisconnect: if whoever sends it goes away.
    """
    told = request.headers.get("content-length", "")
    if told.isdecimal() and (len(told) > _MOST_DIGITS or int(told) > most):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
