"""The application: paths → answers, for any ASGI server."""

from __future__ import annotations

import json
import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.px.server", "server", "sqlalchemy", "starlette"):
    from sqlalchemy.exc import DataError, DBAPIError, StatementError
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.datastructures import Headers
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect
    from starlette.responses import Response
    from starlette.routing import Route

from filterlang.integrations.request_bodies import read_bounded
from filterlang.px.endpoints import LISTS, READ_ONLY
from filterlang.px.server.access import BASE, HEADER, Hosts, Keys, Rates
from filterlang.px.server.attributes import MODELS, attributes_of
from filterlang.px.server.behaviour import Behaviour, now
from filterlang.px.server.json_values import is_key
from filterlang.px.server.lists import Lists
from filterlang.px.server.openapi import openapi
from filterlang.px.server.problems import Problem, bad_request
from filterlang.px.server.writing import changed_fields, new_record, read_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from filterlang.px.endpoints import ListEndpoint
    from filterlang.px.server.access import Key
    from filterlang.px.server.database import Database

    Handler = Callable[[Request], Awaitable[Response]]

logger: logging.Logger = logging.getLogger("filterlang.px.server")

_WRITING = ("POST", "PUT", "DELETE", "PATCH")


def application(
    database: Database,
    keys: Iterable[Key],
    behaviour: Behaviour | Callable[[], Behaviour] = Behaviour(),  # noqa: B008 — it is immutable
    *,
    host: str = "127.0.0.1",
    allowed_hosts: Iterable[str] = (),
) -> ASGIApp:
    """Return the application that serves a database.

    Args:
        database: holds the records.
        keys: who is answered.
        behaviour: what may be set; or what returns it for each request, to change it meanwhile.
        host: what the server listens on.
        allowed_hosts: other names that requests may call it by.
    """
    current = behaviour if callable(behaviour) else lambda: behaviour
    served = _Served(database, current)
    routes = [
        *(
            Route(
                f"{BASE}/{path}",
                served.list_of(one),
                methods=["GET", "POST"] if path in READ_ONLY else ["GET"],
            )
            for path, one in LISTS.items()
        ),
        *(
            Route(f"{BASE}/admin/model/{model}/attributes", served.attributes_of(LISTS[path]))
            for model, path in MODELS.items()
        ),
        *(
            Route(
                f"{BASE}/{path}/{{key:path}}",
                served.record_of(LISTS[path]),
                methods=["GET", "PUT", "DELETE"],
            )
            for path in READ_ONLY
        ),
        Route("/openapi.json", _document),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            Problem: _answer_problem,
            HTTPException: _answer_http,
            ClientDisconnect: _answer_nobody,
            # Values that the database can't take, such as an offset beyond its numbers.
            StatementError: _answer_refused,
            Exception: _answer_fault,
        },
    )
    app.router.redirect_slashes = False
    return _Guarded(app, Keys(keys), current, Hosts(host, allowed_hosts))


class _Served:
    """What answers requests."""

    def __init__(self, database: Database, behaviour: Callable[[], Behaviour]) -> None:
        self._database = database
        self._behaviour = behaviour
        self._lists = Lists(database)

    def list_of(self, endpoint: ListEndpoint) -> Handler:
        """Return what answers `GET` of a list, and `POST` where records may be made."""

        async def answer(request: Request) -> Response:
            if request.method == "POST":
                return await self._make(endpoint, request)
            query = _query(request.scope)
            behaviour = self._behaviour()
            body = await run_in_threadpool(self._lists.answer, endpoint, query, behaviour)
            return _json(body)

        return answer

    async def _make(self, endpoint: ListEndpoint, request: Request) -> Response:
        record = new_record(endpoint, read_body(await self._body(request)), now())
        if not is_key(record[endpoint.key]):
            message = f"{endpoint.key!r} holds characters that no key may have"
            raise bad_request(message)
        if not await run_in_threadpool(self._database.add, endpoint.path, record):
            message = f"there is a record with this {endpoint.key!r} already; PUT changes it"
            raise bad_request(message)
        return _json(record)

    def record_of(self, endpoint: ListEndpoint) -> Handler:
        """Return what answers for a single record."""

        async def answer(request: Request) -> Response:
            key = request.path_params["key"]
            found: dict[str, Any] | None = None
            if not is_key(key):
                pass
            elif request.method == "PUT":
                body = read_body(await self._body(request))
                fields = changed_fields(endpoint, key, body, now())
                found = await run_in_threadpool(self._database.change, endpoint.path, key, fields)
            elif request.method == "DELETE":
                is_gone = await run_in_threadpool(self._database.remove, endpoint.path, key)
                found = {} if is_gone else None
            else:
                found = await run_in_threadpool(self._database.find, endpoint.path, key)
            if found is None:
                message = (
                    f"/{endpoint.path} has no record with this id; ids are case-sensitive"
                    if key
                    else f"no id stands behind /{endpoint.path}/; the list is /{endpoint.path}"
                )
                raise Problem(HTTPStatus.NOT_FOUND, message)
            return _json(found)

        return answer

    def attributes_of(self, endpoint: ListEndpoint) -> Handler:
        """Return what answers for the attributes of a model."""

        async def answer(_request: Request) -> Response:
            custom = self._database.attributes(endpoint.path)
            return _json(attributes_of(endpoint, custom))

        return answer

    async def _body(self, request: Request) -> bytes:
        most = self._behaviour().max_body
        body = await read_bounded(request, most)
        if body is None:
            message = f"the body has more than {most} bytes"
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
        return body


async def _document(_request: Request) -> Response:
    return _json(openapi())


def _query(scope: Scope) -> str:
    try:
        return scope["query_string"].decode()
    except UnicodeDecodeError:
        message = "the query string is no UTF-8"
        raise bad_request(message) from None


def _json(
    body: object, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    # Escaped, so that every text of a record can be sent.
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(content, int(status), headers, media_type="application/json")


def answer_to(problem: Problem) -> Response:
    """Return the answer that says no, itself an application of ASGI."""
    return _json(problem.to_dict(), problem.status, problem.headers)


async def _answer_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer_to(error)


async def _answer_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    message = _NOTHING if status == HTTPStatus.NOT_FOUND else status.phrase.lower()
    return answer_to(Problem(status, message, headers=dict(error.headers or {})))


_NOTHING = f"nothing is served at this path; all begin with {BASE}, and /openapi.json lists them"


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    return answer_to(bad_request("the connection was lost before the body had come whole"))


async def _answer_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, StatementError)
    if not isinstance(error, DataError) and isinstance(error, DBAPIError):
        raise error
    return answer_to(bad_request("the database can't take a value of this request"))


async def _answer_fault(_request: Request, _error: Exception) -> Response:
    message = "the server failed; its log says why"
    return answer_to(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, message))


class _Guarded:
    """Lets in who has a key and calls the server by its name, and logs what was answered.

    What is logged are method, path, status and time; never a header or, but for debugging, a query.
    """

    def __init__(
        self, app: ASGIApp, keys: Keys, behaviour: Callable[[], Behaviour], hosts: Hosts
    ) -> None:
        self._app = app
        self._keys = keys
        self._behaviour = behaviour
        self._hosts = hosts
        self._rates = Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        statuses: list[int] = []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            self._admit(scope)
            await self._app(scope, receive, sending)
        except Problem as error:
            await answer_to(error)(scope, receive, sending)
        except Exception:
            # It was answered already; SQLAlchemy's messages hold no values here.
            logger.exception("a request failed")
            if not statuses:
                raise
        finally:
            milliseconds = (time.perf_counter() - began) * 1000
            status = statuses[0] if statuses else 0
            path = scope["path"]
            logger.info("%s %r %d %.1f ms", scope["method"], path, status, milliseconds)
            logger.debug("the query was %r", scope["query_string"])

    def _admit(self, scope: Scope) -> None:
        behaviour = self._behaviour()
        _refuse_long(scope, behaviour.max_url)
        headers = Headers(scope=scope)
        self._hosts.check(headers.get("host"))
        if scope["path"] == "/openapi.json":
            return
        key = self._keys.admit(headers.get(HEADER), writes=scope["method"] in _WRITING)
        if behaviour.rate is not None:
            self._rates.count(key, behaviour.rate)


def _refuse_long(scope: Scope, most: int | None) -> None:
    if most is None:
        return
    query = scope["query_string"]
    length = len(scope.get("raw_path") or quote(scope["path"])) + (1 + len(query) if query else 0)
    if length > most:
        message = f"the URL has {length} characters behind the host, and {most} are allowed"
        raise Problem(HTTPStatus.REQUEST_URI_TOO_LONG, message)
