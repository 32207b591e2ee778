"""The ASGI app behind the filter box: questions by POST, and the two files of the element."""

from __future__ import annotations

import json
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NoReturn

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.web.filter_box", "web", "starlette"):
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect
    from starlette.responses import Response
    from starlette.routing import Route

from filterlang.integrations.request_bodies import read_bounded
from filterlang.web.payloads import Limits, PayloadError, check, complete, explain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from filterlang.schema.schema import Schema

    Endpoint = Callable[[Request], Awaitable[Response]]

MAX_BODY: Final = 256 * 1024
"""The bytes that the body of a request may have, unless told otherwise."""

_MOST_DIGITS: Final = 1000
_QUESTIONS: Final = {"check": check, "complete": complete, "explain": explain}
_FILES: Final = {
    "filter-box.js": "text/javascript; charset=utf-8",
    "filter-box.css": "text/css; charset=utf-8",
}


def filter_box(
    schema: Schema | None = None, *, limits: Limits | None = None, max_body: int = MAX_BODY
) -> Starlette:
    """Return an ASGI app that serves and answers `<filter-box>`; mount it where the page says.

    `POST check`, `POST complete` and `POST explain` take and return JSON, as the functions of these
    names in `filterlang.web` do. They are POST because what people look for doesn't belong in the
    logs of accesses. `GET filter-box.js` and `GET filter-box.css` are the element.

    A body that isn't what was asked for is answered 400, one of too many bytes 413, another method
    405, another path 404, each with `{"error": "what is wrong"}`.

    Args:
        schema: what names there are, and of what types; without one only the syntax is checked, and
            only operators are offered.
        limits: how much one request may ask for; by default that of `Limits()`.
        max_body: how many bytes the body of a request may have.

    Example:
        >>> from starlette.testclient import TestClient
        >>> client = TestClient(filter_box())
        >>> client.post("/check", json={"filters": ["score>=10"]}).json()["ok"]
        True
    """
    limits = limits or Limits()
    routes = [
        Route(
            f"/{name}", _answering(question, schema, limits, max_body), name=name, methods=["POST"]
        )
        for name, question in _QUESTIONS.items()
    ]
    routes += [Route(f"/{name}", _serving(name), name=name) for name in _FILES]
    return Starlette(
        routes=routes, exception_handlers={HTTPException: _refused, ClientDisconnect: _left}
    )


# --- Questions ------------------------------------------------------------------------------------


def _answering(
    question: Callable[..., dict[str, Any]], schema: Schema | None, limits: Limits, max_body: int
) -> Endpoint:
    async def answer(request: Request) -> Response:
        body = await read_bounded(request, max_body)
        if body is None:
            raise HTTPException(413, f"expected a body of at most {max_body} bytes")
        payload = _read(body)
        try:
            # In a thread: with a large schema a text of many mistakes takes a while to judge.
            found = await run_in_threadpool(question, payload, schema, limits=limits)
        except PayloadError as error:
            raise HTTPException(400, str(error)) from error
        return _json(found)

    return answer


def _read(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_no_json, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise HTTPException(400, "expected JSON, found bytes that are no UTF-8") from error
    except RecursionError as error:
        raise HTTPException(400, "expected JSON, found too deep a nesting") from error
    except ValueError as error:
        raise HTTPException(400, f"expected JSON: {error}") from error


def _no_json(constant: str) -> NoReturn:
    message = f"{constant} is no JSON"
    raise ValueError(message)


def _integer(digits: str) -> int:
    # Python reads no more than 4,300, and its own message is for programmers.
    if len(digits) > _MOST_DIGITS:
        message = f"a number of {len(digits)} digits"
        raise ValueError(message)
    return int(digits)


def _json(
    answer: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(
        # ASCII only: half a surrogate pair has no UTF-8, and people can paste one.
        json.dumps(answer, ensure_ascii=True, separators=(",", ":")),
        status,
        {"cache-control": "no-store", "x-content-type-options": "nosniff", **(headers or {})},
        "application/json",
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _json({"error": error.detail}, error.status_code, dict(error.headers or {}))


async def _left(*_: object) -> Response:
    # Whoever goes to another page stops asking; nobody reads this.
    return Response(status_code=400)


# --- Files ----------------------------------------------------------------------------------------


def _serving(name: str) -> Endpoint:
    content = resources.files("filterlang.web").joinpath("static", name).read_bytes()
    headers = {
        "etag": f'"{sha256(content).hexdigest()[:32]}"',
        # Kept, but asked for each time, so that a page never runs an element of another version.
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
    }

    async def serve(request: Request) -> Response:
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=_FILES[name])

    return serve
