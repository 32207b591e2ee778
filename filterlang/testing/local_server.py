"""The API in a test: a server of its own, with its requests and its faults at hand.

It needs the extra `server`, and httpx where it is asked for a client.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import parse_qsl

from filterlang.px.server.access import BASE, HEADER, Key

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    import httpx

    from filterlang.px.server.behaviour import Behaviour

    # Starlette's types of ASGI, which this room doesn't know.
    App = Any
    Scope = Any
    Receive = Any
    Send = Any


class ReceivedRequest(NamedTuple):
    """One request, and how it was answered.

    Fields: `method`; `path` behind the base path, such as `/users`; `params`, the decoded pairs of
    the query string; `headers`, by names in lower case; `body`; `status` of the answer.

    Example:
        >>> with local_server({}) as server, server.client() as client:
        ...     answer = client.get("/users", params={"filter": "score>=10"})
        >>> server.requests[0].params, server.requests[0].status == 200
        ([('filter', 'score>=10')], True)
    """

    method: str
    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    status: int


class _Fault:
    """What happens to some of the next requests in the place of an answer, or before it."""

    def __init__(
        self,
        path: str | None,
        times: int | None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> None:
        self._path = path
        self._left = times
        self.status = status
        self.headers = dict(headers or {})
        self.delay = delay

    def meets(self, path: str) -> bool:
        """Return whether it happens to a request, and count it then."""
        if self._left == 0 or (self._path is not None and self._path != path):
            return False
        if self._left is not None:
            self._left -= 1
        return True


class LocalServer:
    """A server of the API for one test; `local_server` starts it.

    Attributes:
        url: what URLs begin with, `/v1` included: for `api_url` or `base_url` of a client.
        key: a key that may do everything; `reading_key` may read only.
        requests: those that were received, in the order of their answers.
        behaviour: how it answers; assign to it to change that, as in
            `server.behaviour = server.behaviour._replace(page_size_cap=10)`.
        app: the application, for any client that takes one of ASGI.

    Example:
        >>> with local_server() as server, server.client() as client:
        ...     server.behaviour = server.behaviour._replace(page_size_cap=10)
        ...     len(client.get("/users").json()["users"])
        10
    """

    url: str
    key: str
    reading_key: str
    requests: list[ReceivedRequest]
    behaviour: Behaviour
    app: App

    def __init__(
        self,
        records: Mapping[str, Iterable[Mapping[str, Any]]] | None,
        behaviour: dict[str, Any],
    ) -> None:
        from filterlang.px.server.app import application
        from filterlang.px.server.behaviour import Behaviour
        from filterlang.px.server.database import Database
        from filterlang.px.server.sample import END

        self._records = None if records is None else {key: [*of] for key, of in records.items()}
        if records is None and "clock" not in behaviour:
            behaviour["clock"] = lambda: END
        self._first = self.behaviour = Behaviour(**behaviour)
        self._database = Database()
        self._load()
        self._faults: list[_Fault] = []
        self._is_changed = False
        self.requests = []
        self.url = f"http://localhost{BASE}"
        keys = [Key.made(), Key.made()._replace(may_write=False)]
        self.key, self.reading_key = (one.secret for one in keys)
        self._served = application(self._database, keys, lambda: self.behaviour)
        self.app = self._recorded

    def _load(self) -> None:
        from filterlang.px.server.sample import sample_records

        if self._records is None:
            self._database.load(sample_records(), is_sample=True)
        else:
            self._database.load(self._records)

    # --- What a test sets -------------------------------------------------------------------------

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        path: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next requests with an error, in the API's shape.

        Args:
            status: of the answers, such as 429 or 503.
            times: how many requests.
            path: of which path alone, such as `/users`; None for any.
            headers: of the answers, such as `{"Retry-After": "1"}`.

        Example:
            >>> with local_server({}) as server, server.client() as client:
            ...     server.fail(503, path="/users")
            ...     [client.get(path).status_code == 503 for path in ("/accounts", "/users")]
            [False, True]
        """
        self._faults.append(_Fault(path, times, status=status, headers=headers))

    def delay(self, seconds: float, *, times: int | None = None, path: str | None = None) -> None:
        """Wait before requests are answered: the next ones, or all until `reset`.

        Example:
            >>> import time
            >>> with local_server({}) as server, server.client() as client:
            ...     server.delay(0.01, times=1)
            ...     began = time.monotonic()
            ...     _ = client.get("/users")
            ...     time.monotonic() - began >= 0.01
            True
        """
        self._faults.append(_Fault(path, times, delay=seconds))

    def reset(self) -> None:
        """Forget requests and faults, and have behaviour and records as they were at first.

        Example:
            >>> with local_server({"users": [{"identifyId": "a"}]}) as server:
            ...     with server.client() as client:
            ...         _ = client.delete("/users/a")
            ...         server.reset()
            ...         client.get("/users").json()["totalHits"]
            1
        """
        self.requests.clear()
        self._faults.clear()
        self.behaviour = self._first
        if self._is_changed:
            self._database.clear()
            self._is_changed = False
            self._load()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    # --- Clients ----------------------------------------------------------------------------------

    def client(self, **options: Any) -> httpx.Client:
        """Return a client of httpx with the URL and the key, in process unless there is a port.

        Args:
            options: as `httpx.Client` takes them.

        Example:
            >>> with local_server() as server, server.client(timeout=5) as client:
            ...     client.get("/users/usr-0001").json()["identifyId"]
            'usr-0001'
        """
        import httpx

        if "transport" not in options and self.url.startswith("http://localhost/"):
            options["transport"] = _in_process(self.app)
        return httpx.Client(**self._with_key(options))

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        """Return the same for `async` tests.

        Example:
            >>> async def total(server):
            ...     async with server.async_client() as client:
            ...         return (await client.get("/accounts")).json()["totalHits"]
            >>> with local_server() as server:
            ...     asyncio.run(total(server))
            120
        """
        import httpx

        if "transport" not in options and self.url.startswith("http://localhost/"):
            options["transport"] = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(**self._with_key(options))

    def _with_key(self, options: dict[str, Any]) -> dict[str, Any]:
        headers = {HEADER: self.key, **options.pop("headers", {})}
        return {"base_url": self.url, "headers": headers, **options}

    # --- The application --------------------------------------------------------------------------

    async def _recorded(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._served(scope, receive, send)
            return
        body = bytearray()
        status = 0

        async def receiving() -> Any:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def sending(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        path = scope["path"].removeprefix(BASE)
        self._is_changed = self._is_changed or scope["method"] not in {"GET", "HEAD"}
        try:
            failure = await self._meet(path)
            if failure is None:
                await self._served(scope, receiving, sending)
            else:
                await _fail(failure, scope, receiving, sending)
        finally:
            self.requests.append(
                ReceivedRequest(
                    scope["method"],
                    path,
                    parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
                    {
                        name.decode("latin-1"): one.decode("latin-1")
                        for name, one in scope["headers"]
                    },
                    bytes(body),
                    status,
                )
            )

    async def _meet(self, path: str) -> _Fault | None:
        """Wait as long as delays want it; return the first failure that a request meets."""
        for fault in [*self._faults]:
            if fault.status is None and fault.meets(path):
                await asyncio.sleep(fault.delay)
        return next(
            (one for one in self._faults if one.status is not None and one.meets(path)), None
        )


async def _fail(fault: _Fault, scope: Scope, receive: Receive, send: Send) -> None:
    from filterlang.px.server.app import answer_to
    from filterlang.px.server.problems import Problem

    assert fault.status is not None
    while (await receive()).get("more_body"):
        """Read the body to its end, as a server does before it answers."""
    message = "this answer was asked for by the test"
    problem = Problem(HTTPStatus(fault.status), message, headers=fault.headers)
    await answer_to(problem)(scope, receive, send)


def _in_process(app: App) -> httpx.BaseTransport:
    """Return a transport for clients that don't wait: each request has a loop of its own."""
    import httpx

    class InProcess(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            content = request.read()

            async def answered() -> httpx.Response:
                asked = httpx.Request(
                    request.method, request.url, headers=request.headers, content=content
                )
                answer = await httpx.ASGITransport(app).handle_async_request(asked)
                body = await answer.aread()
                return httpx.Response(answer.status_code, headers=answer.headers, content=body)

            return asyncio.run(answered())

    return InProcess()


@contextmanager
def local_server(
    records: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    *,
    on_port: bool = False,
    **behaviour: Any,
) -> Generator[LocalServer]:
    """Start a server of the API, which ends with the `with` statement.

    Args:
        records: the path of a list (`"users"`, `"events/pageView"`) → its records; None for the
            sample data. No list has other records.
        on_port: whether to listen on a free port of this machine, for programs that speak HTTP;
            else it answers in this process.
        behaviour: fields of `filterlang.px.server.behaviour.Behaviour`, such as `page_size_cap=10`,
            `short_pages=True`, `constant_scroll_id=True`, `rate=5`, `strict=True`.

    Raises:
        ModuleNotFoundError: without the extra `server`.

    Example:
        >>> with local_server({"users": [{"identifyId": "a"}, {"identifyId": "b"}]}) as server:
        ...     server.fail(429)
        ...     with server.client() as client:
        ...         statuses = [client.get("/users").status_code for _ in range(2)]
        ...     statuses, [request.path for request in server.requests]
        ([429, 200], ['/users', '/users'])
    """
    with ExitStack() as stack:
        server = stack.enter_context(LocalServer(records, behaviour))
        if on_port:
            from filterlang.px.server.running import bound, in_a_thread

            listening = bound("127.0.0.1", 0)
            origin = stack.enter_context(in_a_thread(server.app, listening))
            server.url = f"{origin}{BASE}"
        yield server
